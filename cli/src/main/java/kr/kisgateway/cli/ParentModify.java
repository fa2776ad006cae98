package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.api.parent.Parent;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.parent.ParentChangeRequest;
import kr.kisgateway.api.parent.StopExit;
import kr.kisgateway.api.parent.TakeProfitExit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "Change what waits of a parent order, after a confirmation.%n" + "확인을 거쳐 접수 전인 예약·조건 주문을 변경합니다.")
final class ParentModify extends ParentChange {
    @Option(
            names = "--qty",
            paramLabel = "N",
            converter = SharesConverter.class,
            description = "the new quantity of the whole: of slices, of a bracket, of a pair")
    private Optional<Long> qty = Optional.empty();

    @Option(
            names = "--price",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "the new price, 149000 or 149,000; dollars of a US stock, as 187.34")
    private Optional<BigDecimal> price = Optional.empty();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "when to place it, 2026-11-24T08:30 (Korean time)")
    private Optional<OffsetDateTime> at = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "past which it is not placed; moves with --at by default")
    private Optional<OffsetDateTime> until = Optional.empty();

    @Option(
            names = "--stop",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "the price that triggers the stop of a bracket or a pair; its order becomes a market order")
    private Optional<BigDecimal> stop = Optional.empty();

    @Option(
            names = "--take-profit",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "the take-profit of a bracket that is not placed yet")
    private Optional<BigDecimal> takeProfit = Optional.empty();

    @Option(
            names = "--drop",
            paramLabel = "N",
            split = ",",
            description = "lines of a basket that are not placed yet and are not to be: their numbers in show, from 0")
    private List<Integer> drop = List.of();

    @Mixin
    private KeyOption keyOption = new KeyOption();

    ParentModify(Kis kis) {
        super(kis, "modify");
    }

    @Override
    void checkOptions() {
        boolean changes = Stream.of(qty, price, at, until, stop, takeProfit).anyMatch(Optional::isPresent);
        if (!changes && drop.isEmpty()) {
            throw usageError("Set --qty, --price, --at, --until, --stop, --take-profit or --drop");
        }
    }

    @Override
    String change(Parent parent) {
        var order = parent.order();
        var changes = new ArrayList<String>();
        qty.ifPresent(to -> changes.add("quantity " + Format.value(order.qty()) + " to " + Format.value(to)));
        price.ifPresent(to -> changes.add("price " + Format.price(order.currency(), order.price()) + " to "
                + Format.money(order.currency(), to)));
        at.ifPresent(to ->
                changes.add("time " + parent.at().map(Format::dateTime).orElse("none") + " to " + Format.dateTime(to)));
        until.ifPresent(
                to -> changes.add("deadline " + Format.dateTime(parent.until()) + " to " + Format.dateTime(to)));
        stop.ifPresent(to -> changes.add("stop to " + Format.money(order.currency(), to)));
        takeProfit.ifPresent(to -> changes.add("take-profit to " + Format.money(order.currency(), to)));
        drop.forEach(line -> changes.add(
                line >= 0 && line < parent.legs().size()
                        ? "line " + line + ", " + ParentShow.terms(parent.legs().get(line)) + ", to none"
                        : "line " + line + ", which it does not have, to none"));
        return "changes " + String.join(", ", changes);
    }

    @Override
    Question question() {
        return new Question("Change it?", "변경할까요?");
    }

    @Override
    int send(GatewayConnection gateway, String parentId) {
        var change = new ParentChangeRequest(
                Format.amount(qty),
                price,
                at,
                until,
                Optional.empty(),
                Optional.empty(),
                takeProfit.map(TakeProfitExit::new),
                stop.map(it -> new StopExit(Optional.of(it), Optional.empty(), Optional.empty())),
                Optional.of(drop).filter(lines -> !lines.isEmpty()));
        String key = keyOption.use(this, kis);
        return report(
                gateway.change(ParentCalls.modify(parentId, change).withKey(key), GatewayConnection.Retry.IDEMPOTENT),
                parent -> ParentShow.show(screen(), parent),
                Optional.of(key));
    }
}
