# Makes a Debian package of a distribution; sourced by scripts/kis-package, which defines root, out, number, platform and seconds.

# debian_package TREE: the distribution in /usr/lib/kis-gateway with the command kis, the systemd unit and the service's user.
debian_package() {
    local tree=$1 place=$1.deb version architecture
    case $platform in *-x64) architecture=amd64 ;; *) architecture=arm64 ;; esac
    # 0.2.0-SNAPSHOT is before 0.2.0.
    version=$(printf '%s\n' "$number" | sed 's/-/~/')
    rm -rf "$place"
    mkdir -p "$place/DEBIAN" "$place/usr/lib/systemd/system" "$place/usr/bin" "$place/usr/share/doc/kis-gateway" || return 1
    cp -a "$tree" "$place/usr/lib/kis-gateway" &&
        cp "$root/LICENSE" "$place/usr/share/doc/kis-gateway/copyright" &&
        gzip -n -9 <"$root/CHANGELOG.md" >"$place/usr/share/doc/kis-gateway/changelog.gz" &&
        ln -s ../lib/kis-gateway/kis "$place/usr/bin/kis" &&
        sed -e 's|/opt/kis-gateway|/usr/lib/kis-gateway|g' -e '/^# Adjust User=/d' -e '/^# \.kis has/d' \
            -e 's|^ReadWritePaths=.*|ReadWritePaths=/var/lib/kis-gateway|' \
            "$root/ops/systemd/kis-gateway.service" >"$place/usr/lib/systemd/system/kis-gateway.service" || return 1
    cat >"$place/DEBIAN/control" <<CONTROL
Package: kis-gateway
Version: $version
Architecture: $architecture
Maintainer: KIS Trading Gateway
Section: net
Priority: optional
Depends: bash, libc6, zlib1g, adduser
Installed-Size: $(du -sk "$place/usr" | cut -f 1)
Description: shares one account of Korea Investment & Securities safely
 Owns the sessions of a KIS account and lets programs, people and agents share
 them: quotes, durable orders with limits, portfolio, history, alerts. Has its
 own Java runtime and a simulator; starts in the simulated market.
CONTROL
    cat >"$place/DEBIAN/postinst" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
    getent passwd kis-gateway >/dev/null ||
        adduser --quiet --system --group --home /var/lib/kis-gateway --no-create-home --shell /usr/sbin/nologin kis-gateway
    install -d -m 0700 -o kis-gateway -g kis-gateway /var/lib/kis-gateway
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        # After an upgrade the service that runs continues with the new program; a first installation starts nothing.
        [ -z "$2" ] || systemctl try-restart kis-gateway
    fi
    if [ -z "$2" ]; then
        echo "설치했습니다. 시작: systemctl enable --now kis-gateway (시뮬레이터로 시작합니다)"
        echo "Installed. Start: systemctl enable --now kis-gateway (in the simulated market)"
        echo "Settings: /var/lib/kis-gateway/.env; /usr/lib/kis-gateway/docs/SERVICE.md explains them"
    fi
fi
SCRIPT
    cat >"$place/DEBIAN/prerm" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl disable --now kis-gateway || true
fi
SCRIPT
    cat >"$place/DEBIAN/postrm" <<'SCRIPT'
#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
fi
if [ "$1" = purge ]; then
    echo "The journal and the settings stay in /var/lib/kis-gateway; remove them yourself when no order needs them."
fi
SCRIPT
    chmod 0755 "$place"/DEBIAN/postinst "$place"/DEBIAN/prerm "$place"/DEBIAN/postrm
    find "$place" -exec touch -h -d "@$seconds" {} +
    SOURCE_DATE_EPOCH=$seconds dpkg-deb --root-owner-group -Zxz -z3 --build "$place" "$out/kis-gateway_${version}_$architecture.deb" >/dev/null
    local result=$?
    rm -rf "$place"
    return $result
}
