package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.catalog.Face;

/** A simulator of one environment with a static market, and a client without a rate limit. */
record SimulatedBroker(KisSimulator simulator, KisClient kis) implements AutoCloseable {
    static SimulatedBroker live(Path folder) {
        return open(Environment.LIVE_FACE, 0, folder);
    }

    static SimulatedBroker paper(Path folder) {
        return open(Environment.PAPER_FACE, 0, folder);
    }

    /** With a moving market, so that orders are filled. */
    static SimulatedBroker withMovingMarket(Environment face, Path folder) {
        return open(face, 20, folder);
    }

    /** After the trading day: a Friday, three minutes past the close, for the simulator and its client. */
    static SimulatedBroker afterTheClose(Environment environment, Path folder) {
        Duration ahead = Duration.between(Instant.now(), Instant.parse("2026-11-20T06:33:00Z"));
        InstantSource clock = () -> Instant.now().plus(ahead);
        return open(environment, config -> config.withTime(new KrxCalendar(), clock), clock, folder);
    }

    private static SimulatedBroker open(Environment environment, int ticksPerSecond, Path folder) {
        return open(environment, config -> config.withTicksPerSecond(ticksPerSecond), InstantSource.system(), folder);
    }

    private static SimulatedBroker open(
            Environment environment, UnaryOperator<SimulatorConfig> with, InstantSource clock, Path folder) {
        Face face = environment == Environment.LIVE_FACE ? Face.LIVE : Face.PAPER;
        KisSimulator simulator = KisSimulator.start(with.apply(SimulatorConfig.defaults(folder.resolve(face.fileName()))
                .withFace(face)
                .withRates(100_000, 100_000)
                .withSynchronous("OFF")));
        return new SimulatedBroker(
                simulator,
                client(
                        environment,
                        URI.create("http://127.0.0.1:" + simulator.port()),
                        URI.create("ws://127.0.0.1:" + simulator.port()),
                        clock,
                        folder));
    }

    /** The chart days of a market that never closes: the exchange's own up to yesterday, and today. */
    static List<LocalDate> chartDays(LocalDate from, LocalDate today) {
        return Stream.concat(from.datesUntil(today).filter(new KrxCalendar()::isTradingDay), Stream.of(today))
                .toList();
    }

    /** A client without retries, with its token. */
    static KisClient client(Environment environment, URI rest, URI ws, Path folder) {
        return client(environment, rest, ws, InstantSource.system(), folder);
    }

    private static KisClient client(Environment environment, URI rest, URI ws, InstantSource clock, Path folder) {
        KisConfig config = Fixtures.config(environment, rest, ws, folder.resolve(environment.name()));
        Tuning eager = config.tuning()
                .withLimits(new Limits(100_000, 100_000, 41, 1_000))
                .withRetry(new RetryRule(0, Duration.ofMillis(1), Duration.ofMillis(1)));
        var recorder = new Recorder();
        var client = KisClient.open(config.withTuning(eager), clock, clock, recorder);
        client.start();
        recorder.awaitEvent("token_issued");
        return client;
    }

    static <T> T value(KisReply<T> reply) {
        assertThat(reply).isInstanceOf(KisReply.Ok.class);
        return ((KisReply.Ok<T>) reply).value();
    }

    static KisFailure failure(KisReply<?> reply) {
        assertThat(reply).isInstanceOf(KisReply.Failed.class);
        return ((KisReply.Failed<?>) reply).failure();
    }

    @Override
    public void close() {
        kis.close();
        simulator.close();
    }
}
