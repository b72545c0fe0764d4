#!/usr/bin/env bash
# Stands in for Microsoft's images where none can be pulled: Debian's files and this machine's .NET runtime, by the names
# that the Dockerfiles give to their bases. Usage: stand-ins.sh FOLDER PODMAN [OPTION…]
#   sdk:10.0-noble                    a minimal Debian; its /usr/share/dotnet is mounted while something is built
#   aspnet:10.0-noble                 the same, with the runtime
#   aspnet:10.0-noble-chiseled-extra  libraries, certificates, time zones and the runtime: no shell, no package manager
# What was made by the same script from the same .NET is kept.
set -euo pipefail
folder=$1
shift
podman=("$@")
registry=mcr.microsoft.com/dotnet
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
made_of=$(cat "${BASH_SOURCE[0]}" <(ls "$dotnet/shared/Microsoft.AspNetCore.App") | sha256sum | cut -c1-16)

is_made() { [ "$("${podman[@]}" image inspect --format '{{index .Labels "versemi.stand-in"}}' "$registry/$1" 2>/dev/null)" = "$made_of" ]; }

# Of a minimal Debian only the files are needed: nothing is configured, so the first stage is enough.
fetch() {
  debootstrap --foreign --variant=minbase --include=ca-certificates,libssl3,tzdata bookworm "$folder/debian" >"$folder/debootstrap.log" 2>&1 ||
    { tail -5 "$folder/debootstrap.log" >&2; exit 1; }
  unpack "$folder/debian" ca-certificates libssl3 tzdata
}

unpack() {
  local root=$1 package
  shift
  for package; do
    dpkg-deb --fsys-tarfile "$folder"/debian/var/cache/apt/archives/"${package}"_*.deb | tar -C "$root" -x --keep-directory-symlink --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*'
  done
}

people() {
  if [ -L "$1/proc" ]; then rm "$1/proc"; fi # in a container, debootstrap makes a link of it
  mkdir -p "$1/proc" "$1/etc/ssl/certs" "$1/root" "$1/tmp" "$1/usr/share/dotnet" "$1/home/app"
  chmod 1777 "$1/tmp"
  printf 'root:x:0:0::/root:/bin/sh\napp:x:1654:1654::/home/app:/bin/false\n' >"$1/etc/passwd"
  printf 'root:x:0:\napp:x:1654:\n' >"$1/etc/group"
  chown 1654:1654 "$1/home/app"
  find "$1/usr/share/ca-certificates" -name '*.crt' -exec cat {} + >"$1/etc/ssl/certs/ca-certificates.crt"
  ln -sf /usr/share/dotnet/dotnet "$1/usr/bin/dotnet"
}

chisel() {
  local root=$folder/chiseled part
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
  for part in bin sbin lib lib64; do ln -s "usr/$part" "$root/$part"; done
  unpack "$root" base-files ca-certificates libc6 libgcc-s1 libssl3 libstdc++6 tzdata zlib1g
  people "$root"
}

import() {
  local root=$1 name=$2 archive=$folder/image.tar
  shift 2
  tar -C "$root" --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/*' --exclude='./debootstrap' -cf "$archive" .
  if [[ $name == aspnet* ]]; then
    tar -C "$dotnet" --transform='s,^,./usr/share/dotnet/,' -rf "$archive" dotnet host shared
  fi
  "${podman[@]}" import --quiet --change ENV=APP_UID=1654 --change ENV=DOTNET_RUNNING_IN_CONTAINER=true "$@" \
    --change "LABEL versemi.stand-in=$made_of" "$archive" "$registry/$name" >/dev/null
  rm "$archive"
}

is_made sdk:10.0-noble && is_made aspnet:10.0-noble && is_made aspnet:10.0-noble-chiseled-extra && exit 0
fetch
people "$folder/debian"
chisel
# The real one has ICU.
import "$folder/debian" sdk:10.0-noble --change ENV=DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 --change ENV=DOTNET_NOLOGO=1 --change ENV=DOTNET_CLI_TELEMETRY_OPTOUT=1
import "$folder/debian" aspnet:10.0-noble --change ENV=ASPNETCORE_HTTP_PORTS=8080
import "$folder/chiseled" aspnet:10.0-noble-chiseled-extra --change ENV=ASPNETCORE_HTTP_PORTS=8080
