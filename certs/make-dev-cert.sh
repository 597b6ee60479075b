#!/bin/bash
# Makes a certificate for trying out on this machine: certs/dev-cert.pem and certs/dev-key.pem (P-256, signed by itself,
# 90 days), for localhost, this machine's name and its addresses. Keeps one that is still good for a day and names all of
# these; --force makes a new one. --host NAME adds a name.
set -euo pipefail

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cert=$folder/dev-cert.pem
key=$folder/dev-key.pem
days=90
force=no
extra=

while [ $# -gt 0 ]; do
  case $1 in
    --force) force=yes ;;
    --host) extra=${2:?"--host needs a name"}; shift ;;
    --help) sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "make-dev-cert.sh: $1: unknown" >&2; exit 64 ;;
  esac
  shift
done

is_address() {
  [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$ || $1 == *:* ]]
}

names=(localhost 127.0.0.1)
name=$(uname -n)
[[ $name =~ ^[A-Za-z0-9.-]+$ ]] && names+=("$name")
for address in $(hostname -I 2>/dev/null || true); do
  [[ $address == *:* ]] || names+=("$address")
done
[ -n "$extra" ] && names+=("$extra")

subjects=
for name in "${names[@]}"; do
  if is_address "$name"; then subjects+=",IP:$name"; else subjects+=",DNS:$name"; fi
done
subjects=${subjects#,}

# Still good: readable, a day left, and every name in it.
is_good() {
  [ -r "$cert" ] && [ -r "$key" ] && openssl x509 -in "$cert" -noout -checkend 86400 >/dev/null 2>&1 || return 1
  local held name
  held=$(openssl x509 -in "$cert" -noout -ext subjectAltName 2>/dev/null | tr ',' '\n' | sed 's/^ *//; s/IP Address:/IP:/')
  for name in ${subjects//,/ }; do
    grep -qxF "$name" <<<"$held" || return 1
  done
}

if [ "$force" = no ] && is_good; then exit 0; fi

umask 077
new=$(mktemp -d "$folder/.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
openssl ecparam -name prime256v1 -genkey -noout -out "$new/key.pem"
openssl req -x509 -new -key "$new/key.pem" -sha256 -days "$days" -subj "/CN=Jingda development" \
  -addext "subjectAltName=$subjects" -addext "basicConstraints=critical,CA:FALSE" \
  -addext "keyUsage=critical,digitalSignature" -addext "extendedKeyUsage=serverAuth" -out "$new/cert.pem" 2>/dev/null
mv "$new/key.pem" "$key"
mv "$new/cert.pem" "$cert"
echo "certs/dev-cert.pem: made for ${names[*]}, good for $days days"
