package kr.kisgateway.wire.spi;

import java.net.URI;
import java.nio.file.Path;

/**
 * A KIS on this machine, for programs that have no credentials yet. Found with {@link java.util.ServiceLoader}: whoever
 * wants one asks for this interface and gets whatever brings one along, and neither knows the other.
 *
 * <p>Any well-formed app key and secret opens it, and any account number: the first use of an account gives it its money.
 */
public interface LocalBroker {
    /**
     * Starts it as KIS's live face (실전투자): T TR ids, all calls of the catalog, 18 calls a second.
     *
     * @param folder where accounts and orders are kept between starts; made when missing
     * @throws RuntimeException when the folder cannot be used or no port is free, in one sentence
     */
    Running start(Path folder);

    /**
     * The same as KIS's paper face (모의투자): V TR ids, the calls that paper has, its page sizes, 1 call a second. The two
     * faces are two brokers: they share neither tokens nor accounts nor orders, and may use the same folder.
     *
     * @throws RuntimeException as {@link #start}
     */
    Running startPaper(Path folder);

    /** One that takes calls. Closing it stops it; what it confirmed is in its folder then. */
    interface Running extends AutoCloseable {
        /** Where REST calls go, on the loopback: scheme, host and port. */
        URI restBase();

        /** Where WebSockets go. */
        URI wsBase();

        @Override
        void close();
    }
}
