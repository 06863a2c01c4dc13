// CRIU before it touches a process: its own privileges, the kernel's features, the folders.

import { type Failure, PRIVILEGES } from '../failure.ts';

export const CRIU_SETUP: readonly Failure[] = [
  {
    id: 'criu-caps',
    stage: 'dump',
    match: [
      /CRIU needs to have the CAP_SYS_ADMIN or the CAP_CHECKPOINT_RESTORE/i,
      /setcap cap_checkpoint_restore\+e?i?p (?<path>\S+)/,
      /Effective capability (?:40|21) missing/,
    ],
    cause: 'CRIU runs without CAP_CHECKPOINT_RESTORE (and without CAP_SYS_ADMIN), so it may neither dump nor restore.',
    remedy: 'Give the container CHECKPOINT_RESTORE; for a user other than root also as a file capability of the program that starts CRIU.',
    on: {
      github: 'In a workflow add the option to the docker run line, or under container.options of the job.',
      docker: `${PRIVILEGES.docker} (Docker Engine 20.10.10 or later, Linux 5.9 or later)`,
      kubernetes: PRIVILEGES.kubernetes,
    },
    source: 'recorded run; CRIU criu/cr-check.c',
  },
  {
    id: 'criu-libraries',
    stage: 'host',
    match: [
      /criu: error while loading shared libraries: (?<what>[^\s:]+)/,
      /criu: .{0,80}version [`'](?<what>GLIBC\w*_[\d.]+)' not found/,
      /version [`'](?<what>GLIBC\w*_[\d.]+)' not found \(required by \S*criu/,
    ],
    cause: 'The criu program does not fit this image: {what} is missing.',
    remedy: 'Install CRIU from the image’s own distribution, or bring its libraries and its loader with it, as crac-bake does.',
    source: 'loaders',
  },
  {
    id: 'criu-option',
    stage: 'host',
    match: [
      /criu: (?:unrecognized|unknown|invalid|ambiguous) option (?:-- )?['"]?(?<what>[^\s'"]+)/,
      /Error \([\w./-]+\): Unknown option:? (?<what>\S+)/,
    ],
    cause: 'This CRIU does not know the option {what}.',
    remedy: 'Check its spelling; newer options need a newer CRIU (criu --version).',
    source: 'getopt',
  },
  {
    id: 'criu-nonroot',
    stage: 'dump',
    match: [/Running as non-root requires '?--unprivileged/i],
    cause: 'CRIU was started by a user other than root without the option that tells it to make do with few privileges.',
    remedy: 'Add --unprivileged to CRIU’s options (with a CRaC JDK: CRAC_CRIU_OPTS=--unprivileged) and give it CHECKPOINT_RESTORE.',
    source: 'CRIU criu/cr-check.c',
  },
  {
    id: 'criu-root-check',
    stage: 'host',
    rank: 'hint',
    match: [/You need to be root to run this command/i],
    cause: 'criu check was run by a user other than root; old versions ask for root there, and only there.',
    remedy: 'Run criu check as root. A dump or restore may work all the same; crac-bake doctor tries both.',
    source: 'CRIU 3.17 criu/util.c',
  },
  {
    id: 'criu-check-feature',
    stage: 'host',
    rank: 'hint',
    match: [
      /Kernel doesn't support (?<what>[\w -]{2,60})/i,
      /Looks good but some kernel features are missing/i,
      /Dumping seccomp filters not supported/i,
    ],
    cause: 'criu check misses a feature of this kernel ({what|see the lines before}). Only some dumps need it.',
    remedy: 'crac-bake doctor tries a dump and a restore for real. Use Linux 5.9 or later.',
    source: 'CRIU criu/cr-check.c; checkpoint-restore/criu#587',
  },
  {
    id: 'criu-vdso-bounds',
    stage: 'host',
    match: [/Unexpected rt vDSO area bounds/i, /vdso: Can't (?:fill|parse|find).{0,60}vdso/i],
    explains: ['criu-kdat-init'],
    cause: 'CRIU {criu|as installed} does not know the memory layout of this kernel’s vDSO: Linux 6.13 and later put a new area beside it.',
    remedy:
      'Use CRIU 4.1 or later. CRaC JDKs bring a fork of 3.17: replace JDK/lib/criu or set CRAC_CRIU_PATH. crac-bake brings its own 4.2.',
    source: 'CRIU criu/vdso.c, commit 8ee2eba47; Linux commit e93d2521b27f',
  },
  {
    id: 'criu-vdso-elf',
    stage: 'host',
    match: [/Not all dynamic entries are present/i, /ELF header magic mismatch/i, /Unsupported OSABI/i],
    explains: ['criu-kdat-init'],
    cause: 'CRIU {criu|as installed} cannot read this kernel’s vDSO: newer kernels leave out tables that it asks for.',
    remedy: 'Use CRIU 4.2 or later.',
    source: 'CRIU criu/pie/util-vdso.c, 4.1 and 4.2',
  },
  {
    id: 'criu-clone3-probe',
    stage: 'host',
    match: [/Unexpected error from clone3:? ?(?<errno>.*)/i],
    cause: 'A seccomp profile answers the clone3 system call with an error that CRIU does not take for “not there” ({errno|unknown}).',
    remedy: 'Use a profile that allows clone3, or none.',
    on: {
      docker: '--security-opt seccomp=unconfined, with --cap-add CHECKPOINT_RESTORE; or Docker Engine 20.10.10 or later.',
      kubernetes: 'seccompProfile: { type: Unconfined }, or a Localhost profile that allows clone3.',
    },
    source: 'CRIU criu/kerndat.c',
  },
  {
    id: 'criu-kdat-init',
    stage: 'host',
    rank: 'follow',
    match: [
      /(?<feature>kerndat_\w+|\w+) failed when initializing kerndat/i,
      /Could not initialize kernel features detection/i,
      /Can't (?:initialize|load) kerndat/i,
    ],
    cause:
      'CRIU asks the kernel what it can do before it begins, and one of these questions failed ({feature|the lines before say which}).',
    remedy:
      'Look at the line before it. Most often a seccomp profile or missing privileges stand in the way, or CRIU is older than the kernel: use CRIU 4.2 or later with --unprivileged, CHECKPOINT_RESTORE and no seccomp profile.',
    on: { docker: PRIVILEGES.docker, kubernetes: PRIVILEGES.kubernetes },
    source: 'CRIU criu/kerndat.c, criu/crtools.c',
  },
  {
    id: 'criu-kdat-init-netns',
    stage: 'host',
    match: [
      {
        line: /kerndat_\w*(?:nftables|nsid|net|link|socket|sock|tun)\w* failed when initializing kerndat/i,
        also: /Unable create a network namespace/i,
      },
    ],
    explains: ['criu-kdat-init'],
    cause:
      'CRIU wanted to make a network namespace to try the kernel’s features, which needs SYS_ADMIN and a seccomp profile that lets it pass.',
    remedy:
      'Run CRIU with --unprivileged (with a CRaC JDK: CRAC_CRIU_OPTS=--unprivileged): then it leaves these questions out and needs CHECKPOINT_RESTORE only.',
    on: {
      docker: 'Else: --cap-add SYS_ADMIN --security-opt seccomp=unconfined, or --privileged.',
      kubernetes: 'Set the variable CRAC_CRIU_OPTS=--unprivileged of the container.',
    },
    source: 'recorded run with CRIU 4.1.1',
  },
  {
    id: 'criu-netns',
    stage: 'host',
    rank: 'hint',
    match: [/Unable create a network namespace/i, /Unable to create a veth pair/i],
    cause: 'CRIU could not make a network namespace for a question to the kernel. It does without, unless it is the last error of the log.',
    remedy: 'Look for another error further down. If there is none, add --unprivileged to CRIU’s options, or SYS_ADMIN to the container.',
    source: 'CRIU criu/net.c; seen on good runs',
  },
  {
    id: 'criu-traceme',
    stage: 'host',
    match: [
      /ptrace\(PTRACE_TRACEME\)(?: failed)?:? ?(?<errno>.*)/i,
      /PTRACE_TRACEME.{0,40}(?:denied|not permitted)/i,
      /(?<!\.c:\d+\): )\bptrace(?:\([A-Z_]{1,40}(?:, ?\d+)?\))?: Operation not permitted/,
    ],
    explains: ['criu-kdat-init'],
    cause: 'The host does not allow ptrace in this container: Yama’s ptrace_scope is 2 or 3, or a seccomp profile takes it away.',
    remedy: 'sysctl kernel.yama.ptrace_scope=1 on the host, and a seccomp profile with ptrace (or none).',
    on: {
      docker: '--cap-add SYS_PTRACE --security-opt seccomp=unconfined',
      kubernetes: 'Set the sysctl on the nodes; it is not a namespaced one.',
    },
    source: 'CRIU criu/kerndat.c; Open Liberty InstantOn troubleshooting',
  },
  {
    id: 'criu-image-dir',
    stage: 'restore',
    match: [/Can't open (?:dir|images? dir(?:ectory)?) (?<path>\S+?): No such file/i, /Couldn't open image dir (?<path>\S+)/i],
    cause: 'The folder of the checkpoint, {path}, does not exist in this container.',
    remedy:
      'Copy the checkpoint into the image or mount it at {path}, or correct the path given to CRIU (-XX:CRaCRestoreFrom with a CRaC JDK).',
    on: { docker: 'docker run --rm --entrypoint ls IMAGE {path} shows what is there.' },
    source: 'recorded run; CRIU criu/image.c',
  },
  {
    id: 'criu-image-dir-denied',
    stage: 'restore',
    match: [
      /Can't open (?:dir|images? dir(?:ectory)?) (?<path>\S+?): Permission denied/i,
      /Unable to open (?<path>\S+\.img): Permission denied/i,
    ],
    cause: 'The checkpoint’s files ({path}) may not be read by the user that restores: CRIU writes them for its own user only.',
    remedy: 'Restore as the user of the dump, or give that user the files (chown -R in the image).',
    source: 'CRIU criu/image.c',
  },
  {
    id: 'criu-image-empty',
    stage: 'restore',
    match: [
      /Unexpected EOF on \(?(?<what>empty-image)\)?/i,
      /Can't open (?:image )?(?<what>(?:inventory|pstree)\S*)/i,
      /(?<what>(?:inventory|pstree)\.img)['" :]{1,3}.{0,40}No such file/i,
    ],
    cause:
      'A file without which nothing is restored (inventory.img, pstree.img, core-PID.img) is missing or empty: most often the folder holds no checkpoint at all.',
    remedy:
      'The checkpoint has probably failed: look at its log (dump4.log) for “Dumping finished successfully”, and at what was copied into the image. jcmd’s exit code and “CR: Checkpoint” say nothing.',
    source: 'recorded run; CRIU criu/protobuf.c',
  },
  {
    id: 'criu-image-damaged',
    stage: 'restore',
    match: [
      /Can't read (?:mapping )?page (?<what>-?\d+).{0,40}/i,
      /(?:Short|Partial) read (?:of|from) (?<what>\S+)/i,
      /(?:Head )?magic doesn't match for (?<what>\S+)/i,
      /Unexpected EOF (?:on|while reading) (?<what>\S+)/i,
      /Unexpected magic 0x[0-9a-f]+ while reading (?<what>\S+)/i,
      /Can't read (?:from )?(?<what>pages?\S*).{0,60}(?:EOF|short|No such)/i,
      /(?:Magic doesn't match|Unable to (?:read|unpack) .{0,40}(?:header|object|image)).{0,20}(?<what>\S*)$/i,
      /Can't (?:read|open) (?:image )?(?<what>(?:core|ids|mm|pagemap|pages|files|fs)-?\S*img)/i,
      /No (?<what>\S+\.img) image$/,
    ],
    general: true,
    cause: 'A file of the checkpoint is damaged, cut off or missing ({what|see the line}).',
    remedy:
      'Bake again, and see that the disk was not full and that the files were copied whole. crac-bake compares length and digest of every file before it tags.',
    source: 'CRIU criu/image.c, criu/pagemap.c',
  },
  {
    id: 'criu-crashed',
    stage: 'restore',
    match: [/Segmentation fault.{0,120}\bcriu\b/i, /\bcriu(?:\[\d+\])?: segfault at/i],
    explains: ['exit-139'],
    cause: 'CRIU itself crashed: a file of the checkpoint is missing or damaged, or this CRIU does not fit its libraries.',
    remedy:
      'Compare the checkpoint with the one that was made (ls -l of the folder; all files, above all pstree.img); use CRIU 4.2 or later with the libraries that it was built for.',
    source: 'tried with CRIU 4.2.1 and a missing pstree.img',
  },
  {
    id: 'criu-img-version',
    stage: 'restore',
    match: [/Not supported images version (?<version>\d+)/i],
    cause: 'The checkpoint was written by a newer CRIU (format {version}) than the one that restores it ({criu|see its --version}).',
    remedy: 'Use the same CRIU for dump and restore; put it into the image beside the checkpoint.',
    source: 'CRIU criu/image.c',
  },
  {
    id: 'criu-mkdtemp',
    stage: 'restore',
    match: [/mkdtemp failed (?<path>\S+)/i, /Can't create (?:a )?temporary? (?:directory|dir|file).{0,60}Read-only file system/i],
    cause: 'CRIU needs a folder that it can write to for a moment, and the root file system is read-only.',
    remedy: 'Give the container a tmpfs, and start the restore there.',
    on: { docker: '--tmpfs /tmp', kubernetes: 'An emptyDir with medium: Memory, mounted at /tmp.' },
    source: 'CRIU criu/cr-restore.c',
  },
  {
    id: 'criu-log-missing',
    stage: 'dump',
    rank: 'follow',
    match: [
      /(?<path>[\w./-]*(?:dump4?|restore|criu-dump|checkpoint)\.log)['"]?: (?:No such file|cannot open)/i,
      /cannot (?:open|access) ['"]?(?<path>[\w./-]*(?:dump4?|restore|checkpoint)\.log)/i,
      /Can't (?:open|create) (?:log ?file|log) ?(?<path>\S*)/i,
    ],
    cause: 'CRIU’s log {path} is not there: CRIU was not started, could not write into that folder, or the container with it is gone.',
    remedy:
      'Look for an error before CRIU’s start: is the folder there and writable for the user, and CRIU in the image? Keep the container until its log is read.',
    source: 'OpenLiberty/open-liberty#22352, #23664',
  },
  {
    id: 'criu-log-cut-off',
    stage: 'dump',
    match: [
      {
        line: /Warn {0,2}\(compel.{0,60}Will restore \d+ with interrupted system call/i,
        unless: /Dumping (?:finished|FAILED)|Restor(?:e finished|ing FAILED)|Tasks resumed/i,
        exit: 137,
      },
      {
        line: /Warn {0,2}\(compel.{0,60}Will restore \d+ with interrupted system call/i,
        unless: /Dumping (?:finished|FAILED)|Restor(?:e finished|ing FAILED)|Tasks resumed/i,
        also: /\bKilled\b/,
      },
    ],
    warning: true,
    cause:
      'CRIU’s log ends in the middle: the process is gone, but CRIU has not said that the dump is complete. When the app ends, its container ends, and CRIU with it.',
    remedy:
      'Do not use this checkpoint. Let a PID 1 that outlives the app wait for CRIU (for example `sh -c "java …; sleep 5"`), and look for “Dumping finished successfully” in the log.',
    source: 'recorded run (checkpoint-stdin)',
  },
];
