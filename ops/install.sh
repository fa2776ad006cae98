#!/bin/sh
# Installs the KIS Trading Gateway for the present user, without a JDK and without root:
#   sh install.sh                       from the folder of this script, which has the files of a release
#   sh install.sh --from URL            downloads them from there
#   sh install.sh --to DIR --bin DIR    other folders than ~/.local/share/kis-gateway and ~/.local/bin
# Nothing is installed that does not have the checksum of SHA256SUMS. 체크섬이 맞는 파일만 설치합니다.
set -eu

say() { printf '%s\n' "$*" >&2; }
die() {
    say "install.sh: $*"
    exit 1
}

from=$(cd "$(dirname "$0")" && pwd -P)
to=${HOME:?}/.local/share/kis-gateway
bin=$HOME/.local/bin
while [ $# -gt 0 ]; do
    case $1 in
    --from | --to | --bin)
        [ $# -gt 1 ] || die "$1 needs a value"
        case $1 in --from) from=${2%/} ;; --to) to=$2 ;; --bin) bin=$2 ;; esac
        shift
        ;;
    -h | --help)
        sed -n '2,6s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    *) die "unknown option '$1' (--help lists them)" ;;
    esac
    shift
done

case $(uname -s) in Linux) platform=linux ;; Darwin) platform=macos ;; *) die "there is no distribution for $(uname -s)" ;; esac
case $(uname -m) in
x86_64 | amd64) platform=$platform-x64 ;;
aarch64 | arm64) platform=$platform-aarch64 ;;
*) die "there is no distribution for $(uname -m)" ;;
esac

place=$(mktemp -d "${TMPDIR:-/tmp}/kis-gateway.XXXXXX")
trap 'rm -rf "$place"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# fetch FILE: into the temporary folder, from the address or the folder.
fetch() {
    case $from in
    https://*)
        command -v curl >/dev/null 2>&1 || die "an address needs curl: install it, or download the files and name their folder by --from"
        curl -fL --proto '=https' --progress-bar -o "$place/$1" "$from/$1"
        ;;
    *://*) die "only https:// addresses" ;;
    *) cp "$from/$1" "$place/$1" ;;
    esac || die "$1 is not at $from"
}

checksum() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

fetch SHA256SUMS
line=$(grep -E "^[0-9a-f]{64}  kis-gateway-[0-9A-Za-z.-]+-$platform\.tar\.gz\$" "$place/SHA256SUMS") ||
    die "this release has no distribution for $platform; from the sources: ./kis package"
[ "$(printf '%s\n' "$line" | wc -l)" -eq 1 ] || die "SHA256SUMS names more than one distribution for $platform"
wanted=${line%% *}
archive=${line##* }
name=${archive%.tar.gz}
fetch "$archive"
[ "$(checksum "$place/$archive")" = "$wanted" ] || die "$archive does not have the checksum of SHA256SUMS; nothing was installed"

mkdir -p "$to" "$bin" && to=$(cd "$to" && pwd -P) && bin=$(cd "$bin" && pwd -P) || die "$to and $bin must be folders that can be written"
[ ! -d "$bin/kis" ] || die "$bin/kis is a folder: name another place by --bin; nothing was installed"

# Into a folder of its own first: an interrupted installation leaves the one before. Only two renames replace that one, and
# what a kill between them leaves is put back here and by the next run.
put_back() {
    [ -d "$to/$name" ] || [ ! -d "$to/$name.old" ] || mv "$to/$name.old" "$to/$name"
}
trap 'put_back; rm -rf "$place"' EXIT
put_back
rm -rf "$to/$name.part" "$to/$name.old"
mkdir "$to/$name.part"
tar -xzf "$place/$archive" -C "$to/$name.part" || {
    rm -rf "$to/$name.part"
    die "$archive cannot be unpacked into $to"
}
"$to/$name.part/$name/runtime/bin/java" --version >/dev/null || die "the runtime of $name does not start here; nothing was installed"
[ ! -d "$to/$name" ] || mv "$to/$name" "$to/$name.old"
mv "$to/$name.part/$name" "$to/$name" || die "$to/$name cannot be written"
rm -rf "$to/$name.part" "$to/$name.old"
ln -sf "$to/$name/kis" "$bin/kis" || die "$bin/kis cannot be written; $to/$name is installed: start $to/$name/kis"
version=$("$bin/kis" --version) || die "$bin/kis does not start; $to/$name is installed"
say "installed $version in $to/$name"
case :$PATH: in *":$bin:"*) start=kis ;; *) start=$bin/kis ;; esac
say "start: $start run    (시뮬레이터로 시작합니다; in the simulated market)"
