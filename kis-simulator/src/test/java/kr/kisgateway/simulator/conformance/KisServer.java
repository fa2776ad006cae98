package kr.kisgateway.simulator.conformance;

import java.net.URI;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ServiceLoader;

/**
 * A server with KIS's protocol, as its clients use it. The suite runs against the simulator; where a {@link Provider} is registered
 * as a service, it runs against that one's servers.
 */
public interface KisServer extends AutoCloseable {
    /** One of KIS's two brokers, and the words in which they differ. */
    enum Face {
        LIVE,
        PAPER;

        /** A TR id of an account or order call in this broker's spelling. */
        String tr(String live) {
            return this == LIVE ? live : "V" + live.substring(1);
        }
    }

    /**
     * The requirements of a test for a server.
     *
     * @param at its start time
     * @param sessions whether it has the exchanges' hours; otherwise it trades at every hour
     * @param callsPerSecond the call limit, and that of the ledger
     * @param tradesPerSecond of each watched stock
     * @param pingPeriod between two PINGPONGs
     * @param identities YAML of the accepted keys; "" = any
     */
    record ServerSpec(
            Face face,
            ZonedDateTime at,
            boolean sessions,
            double callsPerSecond,
            double tradesPerSecond,
            Duration pingPeriod,
            String identities) {
        /** A server that trades at every hour and never refuses a call because of its rate. */
        static ServerSpec of(Face face, String koreanTime) {
            return new ServerSpec(
                    face,
                    ZonedDateTime.parse(koreanTime + "+09:00[Asia/Seoul]"),
                    false,
                    10_000,
                    20,
                    Duration.ofSeconds(100),
                    "");
        }

        ServerSpec withSessions() {
            return new ServerSpec(face, at, true, callsPerSecond, tradesPerSecond, pingPeriod, identities);
        }

        ServerSpec withCallsPerSecond(double calls) {
            return new ServerSpec(face, at, sessions, calls, tradesPerSecond, pingPeriod, identities);
        }

        ServerSpec withTradesPerSecond(double trades) {
            return new ServerSpec(face, at, sessions, callsPerSecond, trades, pingPeriod, identities);
        }

        ServerSpec withPingPeriod(Duration period) {
            return new ServerSpec(face, at, sessions, callsPerSecond, tradesPerSecond, period, identities);
        }

        ServerSpec withIdentities(String yaml) {
            return new ServerSpec(face, at, sessions, callsPerSecond, tradesPerSecond, pingPeriod, yaml);
        }
    }

    /** Starts the servers of the suite. */
    interface Provider {
        KisServer start(ServerSpec spec);
    }

    static KisServer start(ServerSpec spec) {
        return ServiceLoader.load(Provider.class)
                .findFirst()
                .orElseGet(SimulatorUnderTest::new)
                .start(spec);
    }

    URI rest();

    URI ws();

    /** Makes its time jump ahead; otherwise it runs at normal speed. */
    void jump(Duration time);

    /** Switches faults, by the simulator's {@code POST /simulator/faults}. */
    void faults(String json);

    /** Moves a stock to another price. */
    void move(String symbol, long price);

    @Override
    void close();
}
