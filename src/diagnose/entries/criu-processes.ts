// CRIU's dump: stopping the processes, their threads, terminals, memory.

import type { Failure } from '../failure.ts';

export const CRIU_PROCESSES: readonly Failure[] = [
  {
    id: 'criu-seize',
    stage: 'dump',
    warning: true,
    match: [
      /Unable to interrupt task: (?<pid>\d+) \((?<errno>[^)]*)\)/i,
      /Unseizable non-zombie (?<pid>\d+) found/i,
      /Can't (?:seize|attach|ptrace)[^:]{0,40}(?<pid>\d+): (?<errno>Operation not permitted)/i,
    ],
    cause:
      'CRIU may not stop process {pid} to look at it: it belongs to another user, is marked as not dumpable, or the host restricts ptrace.',
    remedy:
      'Dump as the user of the process, or add SYS_PTRACE; on the host kernel.yama.ptrace_scope must be 0 or 1 (sysctl kernel.yama.ptrace_scope).',
    on: {
      docker: '--cap-add SYS_PTRACE',
      kubernetes: 'securityContext.capabilities.add: [SYS_PTRACE]; the sysctl is the node’s.',
    },
    source: 'CRIU compel/src/lib/infect.c; OpenLiberty/ci.docker#352',
  },
  {
    id: 'criu-self-in-tree',
    stage: 'dump',
    match: [/The criu itself is within dumped tree/i],
    explains: ['criu-seize'],
    cause: 'CRIU was started by the process that it is to dump, or below it: the app is PID 1, or its parent.',
    remedy: 'Give the container a PID 1 of its own (docker run --init, or a shell), and start CRIU beside the app.',
    source: 'CRIU compel/src/lib/infect.c; checkpoint-restore/criu#2080',
  },
  {
    id: 'criu-no-such-task',
    stage: 'dump',
    match: [
      /Can't open (?:\/proc\/)?(?<pid>\d+)\/(?:status|stat|task)\S*.{0,30}No such (?:file|process)/i,
      /Can't (?:find|get) (?:task|process) (?<pid>\d+)/i,
      /Unable to (?:find|open) (?:task|process|\/proc\/)(?<pid>\d+)/i,
    ],
    cause: 'Process {pid} is not there any more, or not in CRIU’s PID namespace.',
    remedy: 'Has the app ended before the dump? Otherwise run CRIU in the container of the app, and take the PID that the container sees.',
    source: 'CRIU criu/proc_parse.c',
  },
  {
    id: 'criu-seccomp-suspend',
    stage: 'dump',
    match: [/suspending seccomp failed:? ?(?<errno>.*)/i],
    cause:
      'The app runs under a seccomp profile. CRIU has to lift it for the dump, and may do so only with SYS_ADMIN and under no profile itself.',
    remedy: 'Bake without a seccomp profile (the restore may have one). crac-bake does so.',
    on: {
      github: 'container.options: --security-opt seccomp=unconfined, where the job itself runs in a container.',
      docker: 'docker run --security-opt seccomp=unconfined …',
      kubernetes: 'seccompProfile: { type: Unconfined } for the pod that bakes.',
    },
    source: 'checkpoint-restore/criu#2391, docker/for-mac#6774, CRaC/criu#8',
  },
  {
    id: 'criu-fpu',
    stage: 'dump',
    match: [/Can't set FPU registers for (?<pid>\d+)(?:: Bad address)?/i],
    explains: ['criu-xsave-warn'],
    cause:
      'This CPU has registers (AMX) that do not fit into the space of CRIU {criu|as installed}; versions before 3.19, and those in most CRaC JDKs, fail on it.',
    remedy: 'Use CRIU 4.2 or later: CRAC_CRIU_PATH with a CRaC JDK; crac-bake brings it. Or bake on a CPU without AMX.',
    on: { github: 'The runners differ: the same job passes on a machine without AMX. Do not retry, replace CRIU.' },
    source: 'checkpoint-restore/criu#2835, jdubois/boot-ui#879',
  },
  {
    id: 'criu-xsave-warn',
    stage: 'dump',
    rank: 'hint',
    match: [/max xsave frame exceed xsave_struct(?: \((?<size>\d+) (?<room>\d+)\))?/i],
    cause:
      'The CPU’s registers take {size|more} bytes, CRIU has room for {room|fewer}: a dump on this machine will fail with “Can’t set FPU registers”.',
    remedy: 'Use CRIU 4.2 or later, or a CPU without AMX.',
    source: 'CRIU 3.17 compel/arch/x86/src/lib/cpu.c',
  },
  {
    id: 'criu-freeze',
    stage: 'dump',
    match: [
      /Unable to freeze (?:cgroup|tasks)/i,
      /Timeout reached\. Try to interrupt/i,
      /Failed to (?:freeze|stop) (?:all )?(?:tasks|cgroup)/i,
    ],
    cause:
      'The processes could not be stopped in time: a thread hangs in the kernel, the machine is very busy, or the container is paused.',
    remedy: 'Try again on a quieter machine; raise the deadline (--checkpoint-timeout; CRIU’s own --timeout). Do not pause the container.',
    source: 'CRIU criu/cr-dump.c, criu/seize.c',
  },
  {
    id: 'criu-rseq',
    stage: 'dump',
    match: [/(?<pid>\d+) has rseq but kernel lacks get_rseq_conf/i],
    cause: 'The C library uses restartable sequences, and this kernel ({kernel|older than 5.13}) cannot tell CRIU about them.',
    remedy: 'Use Linux 5.13 or later, or start the app with GLIBC_TUNABLES=glibc.pthread.rseq=0.',
    source: 'CRIU criu/cr-dump.c',
  },
  {
    id: 'criu-zombie-threads',
    stage: 'dump',
    match: [/Zombies with threads are not supported/i, /Zombie (?:found|process).{0,40}(?:not supported|can't)/i],
    cause: 'The main thread has ended while others still run: the app was ending when it was dumped.',
    remedy: 'Dump before the app shuts down. Has something sent it a signal?',
    source: 'CRIU criu/seize.c',
  },
  {
    id: 'criu-session-leader',
    stage: 'dump',
    match: [
      /A session leader of (?<pid>\d+)\(\d+\) is outside of its pid namespace/i,
      /(?<pid>\d+): (?:session|sid) .{0,40}outside of .{0,20}(?:tree|pid namespace)/i,
    ],
    cause: 'Process {pid} belongs to a session that was begun outside of the container, as with docker exec.',
    remedy: 'Start the app as the container’s command, or with setsid, so that it leads a session of its own.',
    source: 'CRIU criu/cr-dump.c',
  },
  {
    id: 'criu-shell-job',
    stage: 'dump',
    match: [/Found dangling tty with sid (?<sid>\d+)/i, /consider using --shell-job/i],
    cause: 'The app holds a terminal that belongs to a session outside (docker run -t, or started from a shell).',
    remedy: 'Run it without -t and with its input from /dev/null; or give CRIU --shell-job at dump and restore.',
    on: { docker: 'docker run without -t and -i', kubernetes: 'tty: false, stdin: false' },
    source: 'CRIU criu/tty.c',
  },
  {
    id: 'criu-tty-external',
    stage: 'dump',
    match: [/tty: (?:Can't dump|Can't (?:get|find) .{0,30}(?:pty|ptmx|slave|master)|Unpaired|Unable to (?:dump|handle)).{0,80}/i],
    cause: 'The app has a terminal open of which CRIU sees one end only.',
    remedy: 'Run it without -t. Where the app makes terminals for its children, end these before the checkpoint.',
    source: 'CRIU criu/tty.c',
  },
  {
    id: 'criu-rlimit-other-user',
    stage: 'dump',
    match: [/Can't get rlimit (?<number>\d+)(?: for (?<pid>\d+))?: Operation not permitted/i],
    cause: 'CRIU runs as another user than the app, and without SYS_RESOURCE may not read the app’s limits.',
    remedy: 'Run CRIU as the app’s user (crac-bake does so), or add SYS_RESOURCE.',
    on: { docker: '--cap-add SYS_RESOURCE, or docker exec --user of the app' },
    source: 'tried with CRIU 4.2.1',
  },
  {
    id: 'criu-foreign-proc',
    stage: 'dump',
    match: [/can't dump unprivileged task whose \/proc doesn't belong to it/i],
    cause: 'The process sees the /proc of another PID namespace, and may not mount its own.',
    remedy: 'Run app and CRIU in one container with a PID namespace of its own (no --pid=host), or add SYS_ADMIN.',
    source: 'CRIU criu/pie/parasite.c',
  },
  {
    id: 'criu-mapfile',
    stage: 'dump',
    match: [
      /Can't open (?<pid>\d+)'s mapfile link (?<range>[0-9a-f-]+)(?:: (?<errno>.*))?/i,
      /map_files\/(?<range>[0-9a-f-]+).{0,30}(?:Operation not permitted|Permission denied)/i,
    ],
    explains: ['criu-collect-maps'],
    cause:
      'CRIU may not follow the links in /proc/PID/map_files: that needs CHECKPOINT_RESTORE in the host’s own user namespace, which rootless engines and userns-remap do not have.',
    remedy: 'Use an engine that runs as root, without userns-remap, and give the container CHECKPOINT_RESTORE.',
    on: { docker: '--userns=host --cap-add CHECKPOINT_RESTORE', kubernetes: 'hostUsers: true (the default).' },
    source: 'CRIU criu/proc_parse.c; Linux fs/proc/base.c',
  },
  {
    id: 'criu-mapping-unsupported',
    stage: 'dump',
    match: [
      /Can't handle (?:device|special|non-regular) ?mapping.{0,80}/i,
      /(?:mapping|VMA|vma).{0,60}(?:isn't supported|is not supported|not supported|unsupported)/i,
      /Unable to (?:dump|handle).{0,40}(?:hugetlb|MAP_DROPPABLE|vma)/i,
    ],
    explains: ['criu-collect-maps'],
    cause:
      'The process has memory mapped of a kind that CRIU {criu|as installed} does not know: a device, huge pages, or one of a newer kernel.',
    remedy: 'Use CRIU 4.2 or later; without -XX:+UseLargePages and without libraries that map devices (GPU, DPDK) where it still fails.',
    source: 'CRIU criu/proc_parse.c',
  },
  {
    id: 'criu-collect-maps',
    stage: 'dump',
    rank: 'follow',
    match: [/Collect mappings \(pid: (?<pid>\d+)\) failed/i],
    cause: 'CRIU could not take down the memory mappings of process {pid}; the line before says which one.',
    remedy: 'Look at the error line before it; give explain the whole log.',
    source: 'CRIU criu/cr-dump.c',
  },
  {
    id: 'criu-dump-part-failed',
    stage: 'dump',
    rank: 'follow',
    match: [
      /Dump (?<what>[\w ]{2,40}) \(pid: (?<pid>\d+)\) failed with/i,
      /(?:Can't|Unable to) (?:infect|switch|prep\w*|execute).{0,40}(?:parasite|\(pid: ?\d+\))/i,
    ],
    cause: 'CRIU could not dump a part of the process ({what|see the line}); the line before says why.',
    remedy: 'Look at the error line before it; give explain the whole log. With -v4 CRIU says more.',
    source: 'CRIU criu/cr-dump.c; checkpoint-restore/criu#769',
  },
  {
    id: 'criu-exclusive-ptrace',
    stage: 'dump',
    match: [/is (?:already )?being? (?:ptraced|traced)|Task (?<pid>\d+) is (?:already )?traced|already ptraced/i],
    cause: 'Another program traces the process already (a debugger, strace, a profiler).',
    remedy: 'End that program before the checkpoint: a process has one tracer only.',
    source: 'Linux ptrace(2)',
  },
];
