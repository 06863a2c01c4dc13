// Log excerpts as CRIU 3.15 to 4.2, JDKs with CRaC, runc, crun, Docker and Podman word them: other versions, lines, processes and paths than in the
// fixtures. None of these wordings is in the catalogue's own samples, and each has to find its entry all the same.

/** An id of the catalogue, or one that a more specific entry may refine, and the log. */
export const WORDINGS: readonly (readonly [id: string, log: string])[] = [
  // Dump: descriptors and sockets.
  ['criu-tcp-est', '(00.041337) Error (criu/sk-inet.c:188): inet: Connected TCP socket, consider using --tcp-established option.'],
  ['criu-in-flight', '(00.211002) Error (criu/sk-inet.c:203): inet: In-flight connection (l) for 8c3f21'],
  ['criu-unix-half', "(00.087512) Error (criu/sk-unix.c:884): unix: Can't dump half of stream unix connection."],
  ['criu-unix-half', '(00.012345) Error (criu/sk-unix.c:812): unix: External socket is used. Consider using --ext-unix-sk option.'],
  ['criu-socket-option', "(00.005120) Error (criu/sockets.c:421): sockets: Can't get 1:79 opt: Operation not supported"],
  ['criu-socket-unsupported', '(00.066001) Error (criu/sockets.c:790): sockets: BUG! Unknown socket collected (family 40)'],
  ['criu-netlink', "(00.004001) Error (criu/libnetlink.c:84): Can't send request message: Operation not permitted"],
  ['criu-netlink-queue', '(00.061000) Error (criu/sk-netlink.c:97): netlink: The socket has data to read'],
  [
    'criu-locks',
    '(00.031890) Error (criu/file-lock.c:112): Some file locks are hold by dumping tasks! You can try --file-locks to dump them.',
  ],
  [
    'criu-ghost',
    "(00.099812) Error (criu/files-reg.c:955): Can't dump ghost file /var/lib/h2/tmp-123.temp.db of 2097152 size, increase limit",
  ],
  [
    'criu-link-remap',
    "(00.100400) Error (criu/files-reg.c:1103): Can't create link remap for /srv/queue/00012.msg. Use link-remap option.",
  ],
  ['criu-inotify', "(00.070211) Error (criu/fsnotify.c:291): fsnotify: \tCan't dump that handle"],
  [
    'criu-inotify',
    "(00.067000) Warn  (criu/fsnotify.c:225): fsnotify: \tHandle 0x1c:0x2b6e7 cannot be opened\n(00.067100) Error (criu/fsnotify.c:284): fsnotify: Can't dump that handle",
  ],
  ['criu-unknown-fd', "(00.052118) Error (criu/files.c:517): Can't dump file 9 of that type [100644] (unknown /dev/kvm)"],
  [
    'criu-unknown-fd-device',
    "(00.052118) Error (criu/files-ext.c:98): Can't dump file 31 of that type [20666] (chr 195:255 /dev/nvidiactl)",
  ],
  ['criu-iouring', "(00.051007) Error (criu/files-ext.c:98): Can't dump file 21 of that type [600] (unknown anon_inode:[io_uring])"],
  ['criu-pidfd', '(00.034119) Error (criu/pidfd.c:121): pidfd: pidfd pid 412 is not a part of process tree..'],
  ['criu-eventpoll', '(00.040441) Error (criu/eventpoll.c:188): eventpoll: kid_lookup_epoll: no match pid 1291 tfd 14 toff 0'],
  ['criu-mount-lookup', "(00.022771) Error (criu/files-reg.c:1860): Can't lookup mount=1147 for fd=2 path=/var/log/app/out.log"],
  ['criu-tty-external', "(00.009914) Error (criu/tty.c:2019): tty: Can't dump unpaired slave pty 3"],
  [
    'criu-shell-job',
    '(00.008877) Error (criu/tty.c:2093): tty: Found dangling tty with sid 77 pgid 77 (pts) on peer fd 0.\n(00.008880) Task attached to shell terminal. Consider using --shell-job option. More details on http://criu.org/Simple_loop',
  ],
  ['criu-tcp-lock', '(00.120033) Error (criu/netfilter.c:91): Iptables configuration failed: No such file or directory'],
  // Dump: processes and memory.
  ['criu-seize', '(00.000417) Error (criu/seize.c:672): Unseizable non-zombie 4711 found, state S, err -1/1'],
  ['criu-seccomp-suspend', '(00.000581) Error (compel/src/lib/infect.c:422): suspending seccomp failed: Invalid argument'],
  ['criu-fpu', "(00.004410) Error (compel/arch/x86/src/lib/infect.c:431): Can't set FPU registers for 1729: Bad address"],
  ['criu-freeze', '(10.021773) Error (criu/seize.c:301): Unable to freeze cgroup /sys/fs/cgroup/docker/4f2a (1)'],
  ['criu-freeze', '(00.100211) Error (criu/cr-dump.c:1841): Timeout reached. Try to interrupt: 0'],
  [
    'criu-mapfile',
    "(00.014022) Error (criu/proc_parse.c:121): Can't open 88's mapfile link 7f3a5c000000-7f3a5c021000: Operation not permitted",
  ],
  ['criu-mapping-unsupported', "(00.013500) Error (criu/proc_parse.c:658): Can't handle non-regular mapping on 77's map 7f0000000000"],
  ['criu-session-leader', '(00.001199) Error (criu/cr-dump.c:1408): A session leader of 13(13) is outside of its pid namespace'],
  ['criu-rseq', '(00.002202) Error (criu/cr-dump.c:1140): 3005 has rseq but kernel lacks get_rseq_conf feature'],
  ['criu-vdso-elf', '(00.001007) Error (criu/pie-util-vdso.c:235): Not all dynamic entries are present'],
  ['criu-vdso-bounds', '(00.000990) Error (criu/vdso.c:671): vdso: Unexpected rt vDSO area bounds'],
  ['criu-self-in-tree', '(00.000300) Error (criu/seize.c:866): The criu itself is within dumped tree.'],
  [
    'criu-caps',
    'Error (criu/crtools.c:254): CRIU needs to have the CAP_SYS_ADMIN or the CAP_CHECKPOINT_RESTORE capability: setcap cap_checkpoint_restore+eip /usr/sbin/criu',
  ],
  ['criu-transport', '(00.003313) Error (compel/src/lib/infect.c:788): Unable to connect a transport socket: Permission denied'],
  ['criu-nospace', '(01.883010) Error (criu/page-xfer.c:246): page-xfer: Unable to spice data: No space left on device'],
  ['criu-nospace', '(00.500000) Error (criu/image.c:481): Unable to open fdinfo-3.img: Disk quota exceeded'],
  ['criu-no-such-task', "(00.000100) Error (criu/proc_parse.c:982): Can't open 9999/task on procfs: No such file or directory"],
  ['criu-cgroup-mount', '(00.041000) Error (criu/cgroup.c:762): cg: Unable to mount cgroup2 cgroup : Operation not permitted'],
  ['criu-root-mount', "(00.018812) Error (criu/mount.c:1045): mnt: 1203:./run/secrets doesn't have a proper root mount"],
  [
    'criu-ext-masters',
    '(00.018813) Error (criu/mount.c:1088): mnt: Mount 1203 ./sys/fs/cgroup (master_id: 9 shared_id: 0) has unreachable sharing. Try --enable-external-masters.',
  ],
  // Restore.
  ['criu-pid-taken', "(00.024410) Error (criu/cr-restore.c:1402): Can't fork for 532: File exists"],
  ['criu-pids-limit', 'pie: 532: Error (criu/pie/restorer.c:2003): Unable to create a thread: -11'],
  [
    'criu-set-pid',
    "(00.017002) Error (criu/util.c:318): Can't open sys/kernel/ns_last_pid on procfs: Read-only file system\n(00.017100) Error (criu/cr-restore.c:1390): Setting PID failed",
  ],
  ['criu-pid-mismatch', '(00.023000) Error (criu/cr-restore.c:1871): Pid 1044 do not match expected 1045'],
  [
    'criu-bad-size',
    '    12: Error (criu/files-reg.c:2130): File usr/lib/jvm/java-21/lib/modules has bad size 128974848 (expect 130043904)',
  ],
  ['criu-bad-mode', '    12: Error (criu/files-reg.c:2141): File app/run.sh has bad mode 0100755 (expect 0100644)'],
  ['criu-missing-file', "   513: Error (criu/files-reg.c:2187): Can't open file srv/data/cache.db on restore: No such file or directory"],
  [
    'criu-missing-file-perfdata',
    "   513: Error (criu/files-reg.c:2187): Can't open file tmp/hsperfdata_app/513 on restore: No such file or directory",
  ],
  ['criu-cwd', "   513: Error (criu/files-reg.c:2391): Can't change cwd to workspace/build: No such file or directory"],
  ['criu-sigsegv', '(00.118000) Error (criu/cr-restore.c:1490): 1290 killed by signal 11: Segmentation fault'],
  ['criu-sigkill', '(00.301000) Error (criu/cr-restore.c:1490): 1290 killed by signal 9: Killed'],
  ['criu-cpu-feat', '(00.002100) Error (criu/cpu.c:498): cpu: CPU instruction capabilities do not match run time'],
  ['criu-setpcap', 'pie: 613: Error (criu/pie/restorer.c:301): Unable to drop capability 21: -1'],
  ['criu-set-user', 'pie: 1: Error (criu/pie/restorer.c:143): Unable to set real, effective and saved user ID: -1'],
  ['criu-caps-restore', 'pie: 613: Error (criu/pie/restorer.c:331): Unable to restore capabilities: -1'],
  ['criu-bind', "   613: Error (criu/sk-inet.c:1011): inet: Can't bind inet socket (id 44): Address already in use"],
  ['criu-tcp-repair', "   613: Error (soccr/soccr.c:130): libsoccr: Can't turn socket into repair mode: Operation not permitted"],
  ['criu-image-empty', '(00.000220) Error (criu/protobuf.c:76): Unexpected EOF on (empty-image)'],
  ['criu-image-damaged', "(00.000410) Error (criu/image.c:431): Head magic doesn't match for pagemap-513.img"],
  ['criu-image-damaged', "(00.082000) Error (criu/pagemap.c:281): Can't read mapping page -1: Success"],
  ['criu-img-version', '(00.000211) Error (criu/image.c:88): Not supported images version 9'],
  ['criu-image-dir', "(00.000090) Error (criu/image.c:640): Can't open dir /var/lib/app/cr: No such file or directory"],
  ['criu-lsm-mismatch', '(00.000700) Error (criu/lsm.c:362): mismatched lsm types and lsm profile specified'],
  // JVMs with CRaC.
  [
    'crac-open-file',
    'Exception in thread "main" jdk.internal.crac.mirror.CheckpointException\n\tat java.base/jdk.internal.crac.mirror.Core.checkpointRestore1(Core.java:170)\n\tSuppressed: jdk.internal.crac.mirror.impl.CheckpointOpenFileException: FileDescriptor 12 left open: /srv/logs/access.log (regular)\n\t\tat java.base/java.io.FileDescriptor.beforeCheckpoint(FileDescriptor.java:391)',
  ],
  [
    'crac-open-socket-java',
    '\tSuppressed: jdk.crac.impl.CheckpointOpenSocketException: Socket[addr=db.prod/10.3.4.5,port=5432,localport=51734]\n\t\tat java.base/jdk.crac.Core.translateJVMExceptions(Core.java:117)',
  ],
  [
    'crac-open-socket-native-listening',
    '\tSuppressed: jdk.internal.crac.mirror.impl.CheckpointOpenSocketException: tcp6 localAddr :: localPort 9090 remoteAddr :: remotePort 0',
  ],
  ['crac-open-pipe', '    Suppressed: jdk.crac.impl.CheckpointOpenResourceException: FD fd=7 type=fifo path=pipe:[442211]'],
  [
    'crac-hook-failed',
    'org.crac.CheckpointException: null\n\tat org.crac.Core$Compat.checkpointRestore(Core.java:141)\n\tSuppressed: java.lang.IllegalStateException: cache is busy\n\t\tat com.acme.cache.Cache.beforeCheckpoint(Cache.java:88)',
  ],
  [
    'crac-restore-hook',
    'jdk.crac.RestoreException: null\n\tSuppressed: java.net.UnknownHostException: vault.internal\n\t\tat com.acme.Secrets.afterRestore(Secrets.java:40)',
  ],
  [
    'spring-unsupported',
    'Caused by: org.springframework.context.ApplicationContextException: Failed to take CRaC checkpoint on refresh\nCaused by: java.lang.UnsupportedOperationException: CRaC checkpoint not supported on current JVM',
  ],
  [
    'crac-not-configured',
    'java.lang.RuntimeException: C/R is not configured\n\tat java.base/jdk.internal.crac.mirror.Core.checkpointRestore1(Core.java:122)',
  ],
  ['crac-criu-exec', 'Cannot execute CRIU "/opt/zulu/lib/criu dump -t 129 -D /cr": Permission denied'],
  ['jvm-unknown-flag', "Unrecognized VM option 'CRaCEngineOptions=keep_running=true'\nError: Could not create the Java Virtual Machine."],
  [
    'jcmd-attach',
    "com.sun.tools.attach.AttachNotSupportedException: Unable to open socket file /proc/7/root/tmp/.java_pid7: target process 7 doesn't respond within 10500ms or HotSpot VM not loaded",
  ],
  // Engines and runtimes.
  ['docker-unreachable', 'ERROR: Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?'],
  [
    'docker-denied',
    'permission denied while trying to connect to the Docker daemon socket at unix:///run/docker.sock: Get "http://%2Frun%2Fdocker.sock/v1.47/info": dial unix /run/docker.sock: connect: permission denied',
  ],
  [
    'docker-caps-not-held',
    'docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: unable to apply caps: operation not permitted',
  ],
  [
    'docker-caps-not-held',
    'Error response from daemon: invalid CapAdd: capability not supported by your kernel or not available in the current environment: "CAP_SYS_TIME"',
  ],
  ['docker-cap-name', 'docker: Error response from daemon: invalid CapAdd: unknown capability: "CAP_CHECKPOINT_RESTORE".'],
  [
    'docker-port-allocated',
    'Error response from daemon: driver failed programming external connectivity on endpoint web (8f1c): Bind for 0.0.0.0:8443 failed: port is already allocated',
  ],
  [
    'oom-137',
    '[52211.104411] Memory cgroup out of memory: Killed process 91244 (java) total-vm:3211404kB, anon-rss:524288kB, file-rss:0kB',
  ],
  [
    'oom-137',
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown',
  ],
  ['oom-137', '    State:          Terminated\n      Reason:       OOMKilled\n      Exit Code:    137'],
  ['docker-exec-format', 'exec /opt/app/bin/start: exec format error'],
  [
    'docker-no-image',
    "Unable to find image 'registry.acme.io/team/shop:2.4' locally\ndocker: Error response from daemon: manifest for registry.acme.io/team/shop:2.4 not found: manifest unknown: manifest unknown",
  ],
  ['podman-criu-version', 'Error: checkpoint/restore requires at least CRIU 3.11.0, cannot check CRIU version'],
  ['podman-rootless', 'Error: checkpointing a container requires root'],
  [
    'runc-criu',
    'ERRO[0000] criu failed: type NOTIFY errno 0 log file: /run/containerd/io.containerd.runtime.v2.task/moby/4f2a/criu-dump.log',
  ],
  [
    'runc-criu',
    'Error: OCI runtime error: crun: CRIU checkpointing failed -52.  Please check CRIU logfile /var/lib/containers/storage/overlay-containers/0a1b/userdata/dump.log',
  ],
  [
    'kubernetes-pod-security',
    'Error creating: pods "shop-6d4" is forbidden: violates PodSecurity "restricted:v1.31": unrestricted capabilities (container "shop" must not include "CHECKPOINT_RESTORE" in securityContext.capabilities.add)',
  ],
  [
    'seccomp',
    "crac-init: not restored (seccomp): a process cannot be made with a given PID: clone3 is blocked, as by the engine's default seccomp profile; starting normally",
  ],
  ['init-several-jvms', 'crac-init: several JVMs run in the container: process 513 runs -jar /app.jar, process 544 runs com.acme.Worker'],
];

/** How tools put something before or around the lines of a log. */
export const DRESSES: Readonly<Record<string, (line: string, index: number) => string>> = {
  plain: (line) => line,
  'docker logs --timestamps': (line) => `2026-11-28T11:22:33.123456789Z ${line}`,
  'GitHub Actions': (line) => `2026-11-28T11:22:33.1234567Z ${line}`,
  'GitHub Actions with its job and step': (line) => `bake\tUNKNOWN STEP\t2026-11-28T11:22:33.1234567Z ${line}`,
  'docker compose': (line) => `app-1  | ${line}`,
  'kubectl logs --prefix': (line) => `[pod/shop-6d4f/shop] ${line}`,
  'a node’s container log': (line) => `2026-11-28T11:22:33.123456789+01:00 stderr F ${line}`,
  journald: (line) => `Nov 28 11:22:33 node-3 dockerd[812]: ${line}`,
  BuildKit: (line, index) => `#14 ${(index + 1).toFixed(3)} ${line}`,
  Maven: (line) => `[ERROR] ${line}`,
  Jenkins: (line) => `[2026-11-28T11:22:33.123Z] ${line}`,
  colours: (line) => `\x1b[31;1m${line}\x1b[0m`,
  'Windows line ends': (line) => `${line}\r`,
  'docker’s json-file': (line) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-11-28T11:22:33.1Z' }),
  logfmt: (line) => `time="2026-11-28T11:22:33Z" level=error msg=${JSON.stringify(line)}`,
};
