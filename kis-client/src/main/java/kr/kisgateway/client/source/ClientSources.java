package kr.kisgateway.client.source;

import kr.kisgateway.client.KisClient;

/**
 * Makes the sources that ask KIS, or a simulator that speaks as KIS does, through a client that is open already: {@code
 * KisSource::over}.
 */
@FunctionalInterface
public interface ClientSources {
    /**
     * A source over {@code client}.
     *
     * @param type what it calls itself: {@link SourceType#KIS}, or {@link SourceType#MOCK} when the client talks to a
     *     simulator
     */
    MarketDataSource over(SourceType type, KisClient client);
}
