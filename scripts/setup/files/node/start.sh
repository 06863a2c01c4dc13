#!/bin/sh
# A node of Kubernetes without a cluster: containerd and a kubelet that runs the pods of a folder.
set -eu

# Settings of the host's kernel that a kubelet wants otherwise: it finds them as it wants them, and the host keeps its own.
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  file=$(mktemp)
  echo "${setting#*=}" >"$file"
  mount --bind "$file" "/proc/sys/${setting%=*}"
done
mount --make-rshared /

mkdir -p /etc/kubernetes/pods
containerd --config /etc/node/containerd.toml >/var/log/containerd.log 2>&1 &
exec kubelet --config /etc/node/kubelet.yaml --hostname-override node >/var/log/kubelet.log 2>&1
