# Finds the JDK; sourced by ./kis and the other scripts, which define root, state, say, die and packaged.
# Bash 3.2 and POSIX tools only: macOS ships nothing newer.

jdk_wanted=25

# Prints the feature release of a JDK folder; fails for any other folder. The release file saves starting a JVM.
jdk_release() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
    local version=""
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release" | head -n 1)
    fi
    if [ -z "$version" ]; then
        version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
    fi
    [ -n "$version" ] || return 1
    printf '%s\n' "$version"
}

jdk_good() {
    local release
    release=$(jdk_release "$1") || return 1
    [ "$release" -ge $jdk_wanted ]
}

# The usual folders of a JDK, one per line. KIS_JDK_FOLDERS replaces the list (its own test needs that).
jdk_candidates() {
    local place
    if [ -n "${KIS_JDK_FOLDERS-}" ]; then
        for place in "$KIS_JDK_FOLDERS"/*; do printf '%s\n' "$place"; done
        return
    fi
    if command -v java >/dev/null 2>&1; then
        # On macOS /usr/bin/java is a stub, elsewhere often a chain of links: the JVM reports its home.
        java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
    fi
    if [ -x /usr/libexec/java_home ]; then
        /usr/libexec/java_home -v "$jdk_wanted+" 2>/dev/null
    fi
    for place in /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* /opt/jdk/* /usr/local/lib/jvm/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        "${SDKMAN_DIR-${HOME-/}/.sdkman}"/candidates/java/* \
        "${HOME-/}"/.jdks/*; do
        [ -d "$place" ] && printf '%s\n' "$place"
    done
}

# Sets jdk. A distribution uses its own runtime, to which its start cache belongs; otherwise a usable JAVA_HOME overrides the
# cached JDK.
find_jdk() {
    local place
    if packaged; then
        jdk=$root/runtime
        return
    fi
    if [ -n "${JAVA_HOME-}" ] && jdk_good "$JAVA_HOME"; then
        jdk=$JAVA_HOME
        return
    fi
    if [ -r "$state/jdk" ]; then
        read -r place <"$state/jdk"
        if jdk_good "$place"; then
            jdk=$place
            return
        fi
    fi
    # The release of the build first: its compiler plug-ins may not support a newer one yet.
    local found
    found=$(jdk_candidates)
    jdk=""
    while IFS= read -r place; do
        jdk_good "$place" || continue
        [ -n "$jdk" ] || jdk=$place
        if [ "$(jdk_release "$place")" -eq $jdk_wanted ]; then
            jdk=$place
            break
        fi
    done <<FOUND
$found
FOUND
    [ -n "$jdk" ] || die "no JDK $jdk_wanted found: install one (https://adoptium.net, 'sdk install java $jdk_wanted-tem', 'brew install openjdk', 'apt install openjdk-$jdk_wanted-jdk') or set JAVA_HOME"
    mkdir -p "$state"
    printf '%s\n' "$jdk" >"$state/jdk.$$" && mv -f "$state/jdk.$$" "$state/jdk"
}
