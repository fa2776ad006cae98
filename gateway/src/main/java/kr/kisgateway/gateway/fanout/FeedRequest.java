package kr.kisgateway.gateway.fanout;

import java.util.Arrays;
import java.util.Optional;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.VenueSymbol;

/**
 * One line from another gateway to the owner: it subscribes to a channel of a symbol, or does no longer.
 *
 * @param subscribes whether it subscribes
 */
record FeedRequest(boolean subscribes, Channel channel, MarketSymbol symbol) {
    String text() {
        return (subscribes ? "S " : "U ")
                + channel.name()
                + ' '
                + symbol.listed().code()
                + ' '
                + VenueSymbol.venueOf(symbol).orElse("-");
    }

    /** Empty for a symbol that is not listed here, a channel of a newer release, or a line that is none. */
    static Optional<FeedRequest> read(String line, FeedSymbols symbols) {
        String[] fields = line.split(" ", -1);
        if (fields.length != 4 || !fields[0].equals("S") && !fields[0].equals("U")) {
            return Optional.empty();
        }
        Optional<Channel> channel = Arrays.stream(Channel.values())
                .filter(it -> it.name().equals(fields[1]) && it.isPerSymbol())
                .findFirst();
        Optional<String> venue = fields[3].equals("-") ? Optional.empty() : Optional.of(fields[3]);
        return channel.flatMap(it -> switch (symbols.find(fields[2], venue)) {
            case Result.Success<MarketSymbol>(MarketSymbol symbol) ->
                Optional.of(new FeedRequest(fields[0].equals("S"), it, symbol));
            case Result.Refused<MarketSymbol> _ -> Optional.empty();
        });
    }
}
