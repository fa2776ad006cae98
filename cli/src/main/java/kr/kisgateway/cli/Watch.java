package kr.kisgateway.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.api.quote.AnyQuote;
import kr.kisgateway.api.quote.QuoteCalls;
import kr.kisgateway.api.watchlist.WatchlistCalls;
import kr.kisgateway.api.watchlist.Watchlists;
import kr.kisgateway.gatewayclient.Received;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        description =
                "Prices as they come, until Ctrl-C: a table that is drawn again twice a second on a terminal, and printed"
                        + " again each time elsewhere.%n시세를 터미널에서 실시간으로 보여 줍니다.")
final class Watch extends GatewayCommand {
    private static final Duration STEP = Duration.ofMillis(500);
    private static final int SYMBOLS_MAX = 100;

    @Parameters(arity = "0..*", paramLabel = "SYMBOL", description = "005930, AAPL.NASD; or --list")
    private List<String> symbols = List.of();

    @Option(names = "--list", paramLabel = "NAME", description = "the symbols of a watchlist of this key")
    private Optional<String> list = Optional.empty();

    @Option(names = "--count", paramLabel = "N", description = "end after so many tables")
    private Optional<Integer> count = Optional.empty();

    private final Map<String, JsonNode> prices = new ConcurrentHashMap<>();

    Watch(Kis kis) {
        super(kis);
    }

    @Override
    Set<String> withoutOptions() {
        return Set.of("--json", "--csv", "--quiet", "--watch");
    }

    @Override
    int run(GatewayConnection gateway) {
        if (list.isPresent() != symbols.isEmpty()) {
            throw usageError("Name symbols, as ./kis watch 005930 000660, or a watchlist by --list");
        }
        List<String> watched = symbols;
        if (list.isPresent()) {
            var found = gateway.get(WatchlistCalls.watchlists());
            if (!(found instanceof Response.Done<Watchlists>(Watchlists all, var _, boolean _))) {
                return report(found, _ -> {});
            }
            var named = all.watchlists().stream()
                    .filter(it -> it.name().equals(list.get()))
                    .findFirst();
            if (named.isEmpty()) {
                throw usageError("There is no watchlist \"" + list.get() + "\"; there are: "
                        + String.join(
                                ", ",
                                all.watchlists().stream().map(it -> it.name()).toList()));
            }
            watched = named.get().symbols();
        }
        if (watched.size() > SYMBOLS_MAX) {
            throw usageError("At most " + SYMBOLS_MAX + " symbols fit a terminal");
        }
        var known = gateway.get(QuoteCalls.quotes(watched));
        if (!(known instanceof Response.Done<QuoteCalls.Quotes>(QuoteCalls.Quotes quotes, var _, boolean _))) {
            return report(known, _ -> {});
        }
        return draw(gateway, watched, quotes.quotes());
    }

    private int draw(GatewayConnection gateway, List<String> watched, List<AnyQuote> quotes) {
        var trouble = new AtomicReference<>("");
        var ended = new AtomicBoolean();
        var failed = new AtomicReference<Optional<Response<Received>>>(Optional.empty());
        var feed = new EventFeed(
                gateway,
                List.of("quotes"),
                watched,
                Optional.empty(),
                kis.process().pause(),
                trouble::set);
        var reader = Thread.ofVirtual().name("watch").start(() -> {
            failed.set(feed.run(message -> {
                if (message.path("ch").asString("").equals("quotes")) {
                    prices.put(message.path("s").asString(""), message);
                    trouble.set("");
                }
                return !ended.get();
            }));
            ended.set(true);
        });
        for (int drawn = 0; count.isEmpty() || drawn < count.get(); drawn++) {
            kis.process().pause().accept(STEP);
            if (ended.get()) {
                break;
            }
            table(quotes, trouble.get());
            if (isReaderGone()) {
                break;
            }
        }
        ended.set(true);
        reader.interrupt();
        return failed.get()
                .map(response -> this.<Received>report(response, _ -> {}))
                .orElse(Kis.DONE);
    }

    private void table(List<AnyQuote> quotes, String trouble) {
        beginDrawing();
        var rows = new ArrayList<List<String>>();
        for (var quote : quotes) {
            var pushed = prices.get(quote.symbol());
            rows.add(
                    pushed == null
                            ? List.of(quote.symbol(), quote.name(), "", "", "", "", "")
                            : List.of(
                                    quote.symbol(),
                                    quote.name(),
                                    amount(quote, pushed, "p"),
                                    Format.percent(pushed.path("change_pct").decimalValue()),
                                    Format.value(pushed.path("v").asLong()),
                                    amount(quote, pushed, "bid"),
                                    amount(quote, pushed, "ask")));
        }
        screen().table(
                        List.of(
                                Column.left("SYMBOL"),
                                Column.left("NAME"),
                                Column.right("PRICE"),
                                Column.right("CHANGE"),
                                Column.right("VOLUME"),
                                Column.right("BID"),
                                Column.right("ASK")),
                        rows);
        if (!trouble.isEmpty()) {
            screen().line("Disconnected: " + trouble + "; the prices are old.");
        }
    }

    private static String amount(AnyQuote quote, JsonNode pushed, String name) {
        var value = pushed.path(name);
        return value.isNumber() ? Format.money(quote.currency(), value.decimalValue()) : "";
    }
}
