# Starts a built program: its jars, the JVM flags, the start cache. Sourced by ./kis, scripts/kis-develop and scripts/kis-package,
# which define root and state. In the sources each program has its jars in .kis/NAME/lib; a distribution has all in lib.

# A distribution has its own Java runtime, and builds nothing.
packaged() { [ -x "$root/runtime/bin/java" ]; }

# The folder of a program's jars, and of the native libraries.
jars_of() { if packaged; then printf '%s\n' "$root/lib"; else printf '%s\n' "$state/$1/lib"; fi; }
native_libraries() { if packaged; then printf '%s\n' "$root/lib/native"; else printf '%s\n' "$state/native"; fi; }

# start_cache NAME SECTION: the file of the classes that a start loads (JDK's AOT cache).
start_cache() { if packaged; then printf '%s\n' "$root/lib/$2.aot"; else printf '%s\n' "$state/$1/$2.aot"; fi; }

# fresh NAME: the programs of .kis/NAME were built from the current sources. Folders count too: a deleted
# file changes only its folder's time.
fresh() {
    packaged && return 0
    [ -f "$state/$1/built" ] || return 1
    local newer sources="./*/pom.xml ./*/src/main dashboard/index.html dashboard/package-lock.json dashboard/vite.config.ts"
    # The kill switch must not wait for a build after an edit of the gateway.
    [ "$1" != cli ] || sources="cli/pom.xml cli/src/main gateway-api/pom.xml gateway-api/src/main gateway-client/pom.xml gateway-client/src/main terminal/pom.xml terminal/src/main"
    # shellcheck disable=SC2086 # the patterns are meant to become words
    newer=$(cd "$root" && find pom.xml jvm.flags .mvn $sources -newer "$state/$1/built" 2>/dev/null | head -n 1)
    [ -z "$newer" ]
}

# The flags of [all] and of one section, one per line.
flags() {
    awk -v wanted="$1" '
        { sub(/\r$/, "") }
        /^[ \t]*(#|$)/ { next }
        /^\[.*\]$/ { section = substr($0, 2, length($0) - 2); next }
        section == "all" || section == wanted { print }
    ' "$2"
}

# Sorted the same in every locale: the start cache is valid only for the class path it was created with.
class_path() {
    local jar path="" LC_ALL=C
    for jar in "$1"/*.jar; do path=$path:$jar; done
    printf '%s\n' "${path#:}"
}

# class_path_of NAME: the jars of a program. In a distribution, lib/NAME.jars names those of a program that does not use all: what
# searches for services opens every jar of the class path.
class_path_of() {
    local jar path=""
    if packaged && [ -f "$root/lib/$1.jars" ]; then
        while IFS= read -r jar; do path=$path:$root/lib/$jar; done <"$root/lib/$1.jars"
        printf '%s\n' "${path#:}"
    else
        class_path "$(jars_of "$1")"
    fi
}

# command_line NAME SECTION: sets line to java, its flags and the class path of the program NAME.
command_line() {
    local flag path native
    line=("$jdk/bin/java")
    while IFS= read -r flag; do line+=("$flag"); done <<FLAGS
$(flags "$2" "$root/jvm.flags")
FLAGS
    path=$(class_path_of "$1")
    native=$(native_libraries)
    [ ! -d "$native" ] || line+=("-Dorg.sqlite.lib.path=$native" "-Djava.library.path=$native")
    line+=("-Dkis.home=$root" -cp "$path")
}

# A JVM reads arguments, variables and file names by the locale; in the C locale Korean text would arrive as replacement
# characters. carry_text ARGUMENTS… sets LC_ALL to a UTF-8 locale where one is installed; where none is,
# it sets text to the arguments in hexadecimal digits, for programs that read the property kis.arguments.
carry_text() {
    local charmap candidate LC_COLLATE=C
    text=""
    charmap=$(locale charmap 2>/dev/null) || charmap=""
    case $charmap in
    "" | ANSI_X3.4-1968 | US-ASCII | 646) ;;
    *) return ;;
    esac
    for candidate in C.UTF-8 C.utf8 en_US.UTF-8 ko_KR.UTF-8; do
        if [ "$(LC_ALL=$candidate locale charmap 2>/dev/null)" = UTF-8 ]; then
            export LC_ALL=$candidate
            return
        fi
    done
    text=$(printf '%s\0' "$@" | od -An -v -tx1 | tr -d ' \n')
}

# become NAME SECTION MAIN ARGUMENTS…: this process becomes the program, so Ctrl-C and SIGTERM reach it directly.
become() {
    local name=$1 section=$2 main=$3 cache
    shift 3
    command_line "$name" "$section"
    # The cache was created with the section's flags; with another collector or JDK the JVM ignores it.
    cache=$(start_cache "$name" "$section")
    if [ -f "$cache" ]; then
        line=("${line[0]}" "-XX:AOTCache=$cache" "-Xlog:aot=off" "-Xlog:cds=off" "${line[@]:1}")
    fi
    carry_text "$@"
    [ -z "$text" ] || line+=("-Dkis.arguments=$text")
    unset KIS_BUILT
    exec "${line[@]}" "$main" "$@"
}

# Prints the version of the distribution or of the sources, and their commit where that is available.
version() {
    local number commit=""
    if packaged; then
        cat "$root/VERSION"
        return
    fi
    number=$(sed -n 's/^  <version>\(.*\)<\/version>$/\1/p' "$root/pom.xml" | head -n 1)
    if [ -d "$root/.git" ] && command -v git >/dev/null 2>&1; then
        commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null) && commit=" ($commit)"
    fi
    printf 'kis %s%s\n' "$number" "$commit"
}
