package kr.kisgateway.gateway.fanout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.VenueSymbol;

/** KIS's minutes, which the owner requests for the bars of other gateways: the budget is its own. */
public final class MinuteRoutes {
    private static final String PATH = "/v1/cluster/minutes";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final FeedSymbols symbols;
    private final MinuteSource source;

    public MinuteRoutes(FeedSymbols symbols, MinuteSource source) {
        this.symbols = symbols;
        this.source = source;
    }

    public void register(RouteTable table) {
        table.get(Role.ADMIN, PATH, List.of("symbol", "venue", "from", "to"), this::minutes);
    }

    private void minutes(Call call) {
        NodeCaller.refusalFor(call.caller()).ifPresent(refusal -> {
            throw new RefusedException(refusal);
        });
        MarketSymbol symbol =
                symbols.find(call.requiredQuery("symbol"), call.query("venue")).orElseThrow();
        List<MinuteSource.Minute> minutes = source.minutes(symbol, minute(call, "from"), minute(call, "to"))
                .orElseThrow(() -> new RefusedException(Refusal.of(ErrorCode.QUEUE_TIMEOUT, "There is no answer now.")
                        .retryAfter(RETRY)));
        call.answerText(
                () -> minutes.stream().map(MinuteRoutes::text).collect(Collectors.joining("\n")),
                _ -> "text/plain; charset=us-ascii",
                text -> text.getBytes(StandardCharsets.US_ASCII));
    }

    private static long minute(Call call, String name) {
        try {
            return Long.parseLong(call.requiredQuery(name));
        } catch (NumberFormatException _) {
            throw Call.invalid(name, "must be a whole number of minutes");
        }
    }

    private static String text(MinuteSource.Minute it) {
        return it.minute() + " " + it.open() + ' ' + it.high() + ' ' + it.low() + ' ' + it.close() + ' ' + it.volume()
                + ' ' + it.turnover();
    }

    /** The minutes of the owner, asked through {@code inlet}. */
    public static MinuteSource of(FeedInlet inlet) {
        return (symbol, from, to) -> inlet.ask(
                        PATH + "?symbol=" + symbol.listed().code()
                                + VenueSymbol.venueOf(symbol)
                                        .map(venue -> "&venue=" + venue)
                                        .orElse("") + "&from=" + from
                                + "&to=" + to,
                        LIMIT)
                .map(MinuteRoutes::read);
    }

    private static List<MinuteSource.Minute> read(String text) {
        var minutes = new ArrayList<MinuteSource.Minute>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] fields = line.split(" ");
            minutes.add(new MinuteSource.Minute(
                    Long.parseLong(fields[0]),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]),
                    Long.parseLong(fields[5]),
                    Long.parseLong(fields[6])));
        });
        return minutes;
    }
}
