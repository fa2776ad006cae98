package kr.kisgateway.wire.spi;

import java.net.URI;
import java.nio.file.Path;

/**
 * A simulated KIS on this machine, for programs without credentials. Found with {@link java.util.ServiceLoader}: a client
 * requests this interface and gets any implementation on its path, and neither depends on the other.
 *
 * <p>It accepts any well-formed app key and secret, and any account number: the first use of an account funds it.
 */
public interface LocalBroker {
    /**
     * Starts it as KIS's live environment (실전투자): T TR ids, all calls of the catalog, 18 calls a second.
     *
     * @param folder the folder of accounts and orders between starts; created when missing
     * @throws RuntimeException when the folder cannot be used or no port is free, in one sentence
     */
    Running start(Path folder);

    /**
     * The same as KIS's paper environment (모의투자): V TR ids, the calls that paper has, its page sizes, 1 call a second. The
     * environments are two brokers: they share neither tokens nor accounts nor orders, and may use the same folder.
     *
     * @throws RuntimeException as {@link #start}
     */
    Running startPaper(Path folder);

    /** A running broker. Closing it stops it; everything it confirmed is then in its folder. */
    interface Running extends AutoCloseable {
        /** The address of REST calls, on the loopback: scheme, host and port. */
        URI restBase();

        /** The address of WebSockets. */
        URI wsBase();

        @Override
        void close();
    }
}
