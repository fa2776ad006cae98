package kr.kisgateway.simulator.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.IdentitiesFile;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.broker.Customers;

/** The simulator as the server that the suite runs against. */
final class SimulatorUnderTest implements KisServer.Provider {
    @Override
    public KisServer start(KisServer.ServerSpec spec) {
        return new Running(spec);
    }

    /** A clock of normal speed that jumps on request. */
    private static final class JumpingClock implements InstantSource {
        private final AtomicReference<Duration> ahead;

        JumpingClock(Instant start) {
            ahead = new AtomicReference<>(Duration.between(Instant.now(), start));
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead.get());
        }

        void jump(Duration time) {
            ahead.updateAndGet(time::plus);
        }
    }

    private static final class Running implements KisServer {
        private final Path folder;
        private final JumpingClock clock;
        private final KisSimulator simulator;

        Running(ServerSpec spec) {
            try {
                folder = Files.createTempDirectory("conformance");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            clock = new JumpingClock(spec.at().toInstant());
            var config = SimulatorConfig.defaults(folder.resolve("kis.db"))
                    .withTime(spec.sessions() ? new KrxCalendar() : new OpenCalendar(), clock)
                    .withFace(
                            spec.face() == Face.LIVE
                                    ? kr.kisgateway.simulator.catalog.Face.LIVE
                                    : kr.kisgateway.simulator.catalog.Face.PAPER)
                    .withRates(spec.callsPerSecond(), spec.callsPerSecond())
                    .withTicksPerSecond(spec.tradesPerSecond())
                    .withPingPeriod(spec.pingPeriod());
            if (!spec.identities().isEmpty()) {
                config = config.withCustomers(Customers.unrestricted().withIdentities(identities(spec.identities())));
            }
            simulator = KisSimulator.start(config);
        }

        private List<Customers.Identity> identities(String yaml) {
            try {
                return IdentitiesFile.read(Files.writeString(folder.resolve("identities.yaml"), yaml));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public URI rest() {
            return simulator.restBase();
        }

        @Override
        public URI ws() {
            return simulator.wsBase();
        }

        @Override
        public void jump(Duration time) {
            clock.jump(time);
        }

        @Override
        public void move(String symbol, long price) {
            control("market", "{\"move\":\"" + symbol + "\",\"to\":" + price + "}");
        }

        @Override
        public void faults(String json) {
            control("faults", json);
        }

        private void control(String what, String json) {
            RawHttp.Answer answer =
                    RawHttp.call(rest(), "POST", "/simulator/" + what, List.of("Content-Type: application/json"), json);
            if (answer.status() != 200) {
                throw new IllegalArgumentException(answer.body());
            }
        }

        @Override
        public void close() {
            simulator.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
