package kr.kisgateway.bench;

import java.io.IOException;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.programs.PostgresServer;

/** A cluster of two gateways, with a simulator and a database of its own. */
final class OwnerAndEdge {
    /** Stocks that trade. */
    static final int SYMBOLS = 10;

    private OwnerAndEdge() {}

    /** What is measured while both are ready. */
    @FunctionalInterface
    interface Measurement<T> {
        T of(LocalProgram owner, LocalProgram edge) throws IOException, InterruptedException;
    }

    /** @param ticks trades per second of all {@link #SYMBOLS} together */
    static <T> T measure(BenchEnvironment environment, int ticks, Measurement<T> measurement)
            throws IOException, InterruptedException {
        var simulator = environment.start(environment.simulator(
                "--ticks", String.valueOf((double) ticks / SYMBOLS), "--rate", "1000", "--seed", "7"));
        try (var server = PostgresServer.start(environment.folder("postgres-of-edges"))) {
            String database = server.newDatabase();
            var config = environment.folder("config-of-edges");
            var owner = environment.start(ClusterBench.node(environment, simulator, database, config, "owner", "any"));
            var edge = environment.start(ClusterBench.node(environment, simulator, database, config, "edge", "edge"));
            awaitReady(owner);
            awaitReady(edge);
            T measured = measurement.of(owner, edge);
            environment.stop(edge);
            environment.stop(owner);
            return measured;
        } finally {
            environment.stop(simulator);
        }
    }

    private static void awaitReady(LocalProgram gateway) throws InterruptedException {
        try (var client = GatewayClient.onPort(gateway.gatewayPort())) {
            Orders.awaitReady(client);
        }
    }
}
