package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.order.DryRunPassed;
import kr.kisgateway.api.order.OrderAccepted;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderPreview;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.api.order.PlaceAnswer;
import kr.kisgateway.api.order.RepriceRequest;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.parent.ParentRequest;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Places an order after a preview of the gateway and one confirmation. */
@Command
abstract class OrderPlace extends ChangingCommand {
    private final String side;

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
            description =
                    "limit price, 149000 or 149,000; dollars of a US stock, as 187.34; without one, a market order")
    private Optional<BigDecimal> price = Optional.empty();

    @Option(
            names = "--stop-price",
            paramLabel = "WON",
            converter = AmountConverter.class,
            description = "price whose trade triggers a STOP_LIMIT order")
    private Optional<Long> stopPrice = Optional.empty();

    @Option(
            names = "--offset",
            paramLabel = "auto",
            description = "auto: the gateway chooses the limit price, a buy below and a sale above the last price, and"
                    + " re-prices it")
    private Optional<String> offset = Optional.empty();

    @Option(
            names = "--reprice",
            description = "a limit order that rests for 5 s moves to the last price, twice at most")
    private boolean reprice;

    @Mixin
    private FormOptions form = new FormOptions();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "schedules it: when to place it, 2026-11-24T08:30 (Korean time)")
    private Optional<OffsetDateTime> at = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "with --at: past which it is not placed (a minute later)")
    private Optional<OffsetDateTime> until = Optional.empty();

    @Option(names = "--dry-run", description = "only evaluates it; live trading needs one that passed")
    private boolean dryRun;

    @Mixin
    private AccountOption account = new AccountOption();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    /** @param side {@code BUY} or {@code SELL} */
    OrderPlace(Kis kis, String side) {
        super(kis);
        this.side = side;
    }

    @Override
    int run(GatewayConnection gateway) {
        if (until.isPresent() && at.isEmpty()) {
            throw usageError("--until needs --at");
        }
        if (dryRun && at.isPresent()) {
            throw usageError("--dry-run evaluates an order of now; leave --at out");
        }
        if (at.isPresent() && (offset.isPresent() || reprice)) {
            throw usageError("--offset and --reprice are for an order of now; leave --at out");
        }
        if (!dryRun && !confirmation.isPossible(kis.process())) {
            throw unconfirmed();
        }
        var previewed = gateway.get(at.map(time -> OrderCalls.previewScheduled(order(false), time, until))
                .orElseGet(() -> OrderCalls.preview(order(false))));
        if (!(previewed instanceof Response.Done<OrderPreview>(OrderPreview preview, var _, boolean _))) {
            return reportUnsent(previewed);
        }
        Screen shown = previewScreen(!dryRun && !confirmation.isGivenByOption());
        PreviewText.show(shown, preview);
        // A repetition is answered as the first attempt was, which may itself have used up a limit.
        if (preview.refusal().isPresent() && !dryRun && !isRepetition()) {
            return decline(preview.refusal().get(), at.isPresent() ? "Nothing was scheduled." : "Nothing was placed.");
        }
        if (at.isPresent()) {
            return schedule(gateway, shown, preview, at.get());
        }
        if (!dryRun && !confirmation.isGiven(kis.process(), question(preview), "Nothing was placed.")) {
            return Kis.REFUSED;
        }
        String key = idempotencyKey();
        var response = gateway.change(OrderCalls.place(order(dryRun), key), GatewayConnection.Retry.IDEMPOTENT);
        return report(response, this::show, Optional.of(key));
    }

    private int schedule(GatewayConnection gateway, Screen shown, OrderPreview preview, OffsetDateTime time) {
        shown.line("It is placed at " + Format.dateTime(time)
                + ", by the cash, shares, prices and limits of that time, if the gateway runs then.");
        String question = LiveBanner.question(preview.environment(), "Schedule this order?", "이 주문을 예약할까요?");
        if (!confirmation.isGiven(kis.process(), question, "Nothing was scheduled.")) {
            return Kis.REFUSED;
        }
        String key = idempotencyKey();
        var response = gateway.change(
                ParentCalls.create(ParentRequest.scheduled(time, until, order(false)), key),
                GatewayConnection.Retry.IDEMPOTENT);
        return report(response, answer -> ParentShow.show(screen(), answer), Optional.of(key));
    }

    private OrderRequest order(boolean evaluateOnly) {
        return new OrderRequest(
                account.name(),
                symbol,
                side,
                qty,
                form.type(),
                form.session(),
                form.timeInForce(),
                price,
                Format.amount(stopPrice),
                form.venue(),
                form.strategy(),
                Optional.empty(),
                Optional.empty(),
                offset,
                reprice
                        ? Optional.of(new RepriceRequest(OptionalLong.empty(), OptionalLong.empty()))
                        : Optional.empty(),
                evaluateOnly ? Optional.of(true) : Optional.empty());
    }

    private static String question(OrderPreview preview) {
        return LiveBanner.question(preview.environment(), "Place this order?", "이 주문을 접수할까요?");
    }

    private void show(PlaceAnswer answer) {
        screen().line(
                        switch (answer) {
                            case OrderAccepted accepted ->
                                accepted.orderId() + "  " + accepted.status() + ": ./kis orders show "
                                        + accepted.orderId() + " shows the order's status.";
                            case DryRunPassed passed -> passed.status() + ": every check passed; nothing was placed.";
                        });
    }
}
