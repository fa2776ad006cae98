package kr.kisgateway.client.source;

import kr.kisgateway.client.KisClient;

/**
 * Creates the sources over KIS, or over a simulator with KIS's protocol, with an open client: {@code
 * KisSource::over}.
 */
@FunctionalInterface
public interface ClientSources {
    /**
     * A source over {@code client}.
     *
     * @param type the type it reports: {@link SourceType#KIS}, or {@link SourceType#MOCK} when the client uses a
     *     simulator
     */
    MarketDataSource over(SourceType type, KisClient client);
}
