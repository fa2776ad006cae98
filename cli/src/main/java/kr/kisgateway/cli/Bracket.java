package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderPreview;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.parent.ParentRequest;
import kr.kisgateway.api.parent.StopExit;
import kr.kisgateway.api.parent.TakeProfitExit;
import kr.kisgateway.api.parent.Trail;
import kr.kisgateway.market.Side;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Place an order with a stop and a take-profit, of which one cancels the other, after a preview and a"
                        + " confirmation.%n손절과 이익 실현 주문이 딸린 주문을 미리보기와 확인을 거쳐 접수합니다.")
final class Bracket extends ChangingCommand {
    @Parameters(index = "0", paramLabel = "SYMBOL", description = "005930, AAPL.NASD")
    private String symbol = "";

    @Parameters(
            index = "1",
            paramLabel = "QTY",
            converter = SharesConverter.class,
            description = "shares, 1000 or 1,000")
    private long qty;

    @Option(
            names = "--price",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "limit price of the entry; without one, a market order")
    private Optional<BigDecimal> price = Optional.empty();

    @Option(
            names = "--take-profit",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "price of the exit that rests at the exchange; without one, only a stop")
    private Optional<BigDecimal> takeProfit = Optional.empty();

    @Option(
            names = "--stop",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "price that triggers the stop; this or a trail is required")
    private Optional<BigDecimal> stop = Optional.empty();

    @Option(
            names = "--trail",
            paramLabel = "AMOUNT",
            converter = PriceConverter.class,
            description = "a stop that far from the best price")
    private Optional<BigDecimal> trail = Optional.empty();

    @Option(names = "--trail-percent", paramLabel = "PERCENT", description = "the same in percent, 2.5")
    private Optional<BigDecimal> trailPercent = Optional.empty();

    @Option(
            names = "--stop-limit",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "limit price of the stop's order; without one, a market order, which US stocks do not have")
    private Optional<BigDecimal> stopLimit = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "past which nothing is placed, 2026-11-24T15:20 (the end of the market's day)")
    private Optional<OffsetDateTime> until = Optional.empty();

    @Option(names = "--side", paramLabel = "SIDE", description = "of the entry, BUY or SELL (BUY)")
    private Side side = Side.BUY;

    @Mixin
    private FormOptions form = new FormOptions();

    @Mixin
    private AccountOption account = new AccountOption();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    Bracket(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        List<Optional<BigDecimal>> triggers = List.of(stop, trail, trailPercent);
        if (triggers.stream().filter(Optional::isPresent).count() != 1) {
            throw usageError("Set one of --stop, --trail and --trail-percent");
        }
        if (!confirmation.isPossible(kis.process())) {
            throw unconfirmed();
        }
        var previewed = gateway.get(OrderCalls.preview(entry()));
        if (!(previewed instanceof Response.Done<OrderPreview>(OrderPreview preview, var _, boolean _))) {
            return reportUnsent(previewed);
        }
        Screen shown = previewScreen(!confirmation.isGivenByOption());
        PreviewText.show(shown, preview);
        shown.line(exits(Format.currencyOf(symbol)));
        Optional<ApiError> refusal = preview.refusal().filter(it -> !mayPass(it));
        if (refusal.isPresent() && !isRepetition()) {
            return decline(refusal.get(), "Nothing was placed.");
        }
        String question = LiveBanner.question(preview.environment(), "Place this bracket?", "이 브래킷을 접수할까요?");
        if (!confirmation.isGiven(kis.process(), question, "Nothing was placed.")) {
            return Kis.REFUSED;
        }
        String key = idempotencyKey();
        var request = ParentRequest.bracket(entry(), takeProfit.map(TakeProfitExit::new), stopExit(), until);
        return report(
                gateway.change(ParentCalls.create(request, key), GatewayConnection.Retry.IDEMPOTENT),
                answer -> ParentShow.show(screen(), answer),
                Optional.of(key));
    }

    /** The entry of a bracket waits for its market, and is tried again where that may help. */
    private static boolean mayPass(ApiError refusal) {
        return refusal.retryable() || refusal.code().equals(ErrorCode.OUT_OF_TRADING_WINDOW.name());
    }

    private OrderRequest entry() {
        return new OrderRequest(
                account.name(),
                symbol,
                side.name(),
                qty,
                form.type(),
                form.session(),
                form.timeInForce(),
                price,
                OptionalLong.empty(),
                form.venue(),
                form.strategy(),
                Optional.empty(),
                Optional.empty());
    }

    private StopExit stopExit() {
        boolean follows = stop.isEmpty();
        return new StopExit(stop, follows ? Optional.of(new Trail(trail, trailPercent)) : Optional.empty(), stopLimit);
    }

    /** What closes the position, in a sentence. */
    private String exits(String currency) {
        boolean buy = side == Side.BUY;
        String closed = buy ? "sold" : "bought back";
        String best = (buy ? " below" : " above") + " the best price";
        var parts = new ArrayList<String>();
        takeProfit.ifPresent(it -> parts.add(closed + " at " + Format.money(currency, it)));
        parts.add((parts.isEmpty() ? closed : "or") + " with a stop "
                + stop.map(it -> "at " + Format.money(currency, it))
                        .or(() -> trail.map(it -> Format.money(currency, it) + best))
                        .orElseGet(() -> Format.rate(trailPercent.orElseThrow()) + best)
                + stopLimit.map(it -> ", limit " + Format.money(currency, it)).orElse(", at market"));
        return "What it " + (buy ? "buys" : "sells") + " is " + String.join(" ", parts)
                + ". The stop is watched by the gateway: it works only while that runs.";
    }
}
