# Makes the start caches: the classes that a start loads, for the next one (JDK's AOT cache). Sourced by scripts/kis-develop and
# scripts/kis-package, which define root, state and child, after scripts/start.sh. A failure costs only that cache.

# train_server NAME SECTION PORT MAIN ARGUMENTS…: starts a program once in a folder of its own until its log names PORT, requests some
# quotes of a gateway, and ends it; the JVM writes the cache then.
train_server() {
    local cache place=$state/train.$$ waited=0 section=$2 port=$3 main=$4 log=$state/train-$2.log
    cache=$(start_cache "$1" "$section")
    [ "${KIS_AOT-on}" = on ] && [ ! -f "$cache" ] || return 0
    mkdir -p "$place"
    : >"$log"
    command_line "$1" "$section"
    shift 4
    set -m
    (cd "$place" && exec env -i PATH="$PATH" HOME="$place" KIS_ENV=sim GATEWAY_PORT=0 SIMULATOR_PORT=0 \
        GATEWAY_DATA_DIR="$place/data" GATEWAY_CONFIG_DIR="$place/config" \
        "${line[0]}" "-XX:AOTCacheOutput=$place/start.aot" "${line[@]:1}" "$main" "$@") >"$log" 2>&1 </dev/null &
    child=$!
    set +m
    while [ $waited -lt 30 ] && kill -0 "$child" 2>/dev/null && ! grep -q "\"$port\"" "$log"; do
        sleep 1
        waited=$((waited + 1))
    done
    [ "$section" != gateway ] || ask_for_quotes "$(sed -n "s/.*\"$port\":\([0-9]*\).*/\1/p" "$log" | head -n 1)" 2>/dev/null
    grep -q "\"$port\"" "$log" || kill -9 "$child" 2>/dev/null # it never started: no cache
    kill "$child" 2>/dev/null
    waited=0
    while [ $waited -lt 300 ] && kill -0 "$child" 2>/dev/null; do
        sleep 1
        waited=$((waited + 1))
    done
    kill -9 "$child" 2>/dev/null
    wait "$child" 2>/dev/null
    child=""
    grep -q "\"$port\"" "$log" && [ -s "$place/start.aot" ] && mv -f "$place/start.aot" "$cache"
    rm -rf "$place"
    return 0
}

train_gateway() { train_server app gateway gateway_port kr.kisgateway.gateway.Main run; }

# The simulator as a process of its own.
train_simulator() {
    train_server app simulator simulator_port kr.kisgateway.simulator.SimulatorMain --port 0 --data-dir data
}

# The operator commands: one without a gateway loads nearly all classes of one with a gateway.
train_cli() {
    local cache place=$state/train.$$
    cache=$(start_cache cli cli)
    [ "${KIS_AOT-on}" = on ] && [ ! -f "$cache" ] || return 0
    mkdir -p "$place"
    command_line cli cli
    (cd "$place" && exec env -i PATH="$PATH" HOME="$place" \
        "${line[0]}" "-XX:AOTCacheOutput=$place/start.aot" "${line[@]:1}" kr.kisgateway.cli.Main \
        orders list --url http://127.0.0.1:1) >"$state/train-cli.log" 2>&1 </dev/null
    [ -s "$place/start.aot" ] && mv -f "$place/start.aot" "$cache"
    rm -rf "$place"
    return 0
}

# Requests quotes by bash alone until they are answered, so that their classes are in the cache: of a symbol that may be
# pushed by then, and of one that is requested from the broker.
ask_for_quotes() {
    local symbol tries
    for symbol in 005930 035720; do
        tries=0
        until [ $tries -ge 20 ] || quote_answers "$1" "$symbol"; do
            sleep 1
            tries=$((tries + 1))
        done
    done
}

# quote_answers PORT SYMBOL: a quote was answered with status 200.
quote_answers() (
    [ -n "$1" ] && exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /v1/quotes/%s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
    IFS= read -r -t 10 status <&3 && case $status in *' 200 '*) return 0 ;; esac
    return 1
)
