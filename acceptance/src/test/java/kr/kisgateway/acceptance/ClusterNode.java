package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;

/** A gateway of the cluster, which may not run at the moment. */
final class ClusterNode implements AutoCloseable {
    static final String ACCOUNT = "50123456";
    static final Map<String, String> EDGE = Map.of("CLUSTER_ROLE", "edge");
    static final Duration LEASE = Duration.ofSeconds(3);
    /** Of a machine that also runs the simulator, the database and the other gateways. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Path home;
    private final int port;
    private final Launch launch;
    private Running running;

    /**
     * Starts a gateway with a folder of its own in {@code folder}, and the configuration folder there that all nodes share.
     *
     * @param database empty for one that runs alone
     * @param settings further ones
     */
    ClusterNode(Path folder, String name, Simulator simulator, Optional<String> database, Map<String, String> settings)
            throws IOException {
        this.name = name;
        this.home = Files.createDirectories(folder.resolve(name));
        this.port =
                settings.containsKey("GATEWAY_PORT") ? Integer.parseInt(settings.get("GATEWAY_PORT")) : FreePort.find();
        var launch = withAppKey(Programs.gateway(home, simulator))
                .withEnvironment("GATEWAY_CONFIG_DIR", folder.resolve("config").toString())
                .withEnvironment("GATEWAY_PORT", Integer.toString(port))
                .withEnvironment("KIS_FACE_PORT", "0")
                .withEnvironment("KIS_HTS_ID", "cluster1")
                .withEnvironment("CLUSTER_NODE", name)
                .withEnvironment("CLUSTER_LEASE", LEASE.toSeconds() + "s")
                .withEnvironment("SIMULATOR_RATE_LIMIT", "300")
                .withEnvironment("RISK_DAILY_ORDERS", "1000000")
                .withEnvironment("RISK_REFUSE_SELF_CROSS", "false")
                .withEnvironment("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "1000");
        for (var setting : settings.entrySet()) {
            launch = launch.withEnvironment(setting.getKey(), setting.getValue());
        }
        this.launch = database.isPresent() ? launch.withEnvironment("DATABASE_URL", database.get()) : launch;
        start();
    }

    /** With the app key and account that all gateways have. */
    static Launch withAppKey(Launch launch) {
        return launch.withEnvironment("KIS_ENV", "sim")
                .withEnvironment("KIS_APP_KEY", "cluster-app-key-of-this-test-01234567")
                .withEnvironment("KIS_APP_SECRET", "c".repeat(180))
                .withEnvironment("KIS_ACCOUNT_NO", ACCOUNT + "-01");
    }

    private void start() {
        running = Running.startUnready(launch);
    }

    /** Starts it again after it was killed. */
    void restart() {
        running.close();
        start();
    }

    Running running() {
        return running;
    }

    /** Whether it owns the accounts and can trade. */
    boolean isReady() {
        try {
            var cluster = running.client().get("/v1/cluster").body();
            boolean owns = cluster.path("mode").asString().equals("single")
                    || cluster.path("node").equals(cluster.path("lease").path("owner"));
            return owns && running.client().get("/health/ready").ok();
        } catch (RuntimeException e) {
            return false; // its port changes hands
        }
    }

    /** The owner of the accounts, as this gateway sees it; empty while it does not answer. */
    String owner() {
        try {
            return running.client()
                    .get("/v1/cluster")
                    .body()
                    .path("lease")
                    .path("owner")
                    .asString("");
        } catch (RuntimeException e) {
            return ""; // its port changes hands
        }
    }

    void awaitOwner(String expected) {
        Eventually.await("node " + name + " to see the owner", PATIENCE, this::owner, expected::equals);
    }

    /** The output of a command of the gateway's program on the node's folder and {@code database}. */
    List<String> command(String database, String... arguments) {
        return output(Launch.of(Launch.projectHome(), "gateway", "kr.kisgateway.gateway.Main", home)
                .withEnvironment("DATABASE_URL", database)
                .withArguments(arguments));
    }

    /** The output of a command for a running gateway, which knows the node's data folder alone. */
    List<String> terminal(String... arguments) {
        return output(Launch.commands(Launch.projectHome(), home).withArguments(arguments));
    }

    private List<String> output(Launch launch) {
        var command =
                launch.withEnvironment("GATEWAY_DATA_DIR", home.resolve("data").toString());
        try (var program = LocalProgram.startWithoutWaiting(command)) {
            var code = program.awaitExit(PATIENCE);
            assertThat(code).as(program.output().toString()).hasValue(0);
            return program.output();
        }
    }

    void awaitReady() {
        awaitReady(PATIENCE);
    }

    void awaitReady(Duration patience) {
        try {
            Eventually.await("node " + name + " to be ready", patience, this::isReady, ready -> ready);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + logEnd(), e);
        }
    }

    /** The last lines of its log. */
    String logEnd() {
        var lines = running.log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    String name() {
        return name;
    }

    /** Its folder, which no other node uses. */
    Path home() {
        return home;
    }

    /** The port of its API, the same after a restart. */
    int port() {
        return port;
    }

    @Override
    public void close() {
        running.close();
    }
}
