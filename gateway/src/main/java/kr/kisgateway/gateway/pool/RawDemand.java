package kr.kisgateway.gateway.pool;

import java.util.Locale;
import kr.kisgateway.market.Market;

/**
 * A feed by the broker's own names, whose frames the gateway passes on as they are. It cannot be polled.
 *
 * @param feed the broker's name of the feed
 * @param key the broker's name of what the frames are about
 * @param market whose registrations it takes
 */
public record RawDemand(String feed, String key, Market market) implements Demand {
    @Override
    public String code() {
        return key;
    }

    @Override
    public String kindName() {
        return feed.toLowerCase(Locale.ROOT);
    }
}
