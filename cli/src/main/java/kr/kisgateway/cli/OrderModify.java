package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Optional;
import kr.kisgateway.api.order.ModifyRequest;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(description = "Change the quantity or price of an order's open part.%n" + "주문의 수량이나 가격을 정정합니다.")
class OrderModify extends ChangingCommand {
    @Parameters(paramLabel = "ID", description = "the order's id")
    private String id = "";

    @Option(
            names = "--qty",
            paramLabel = "N",
            converter = SharesConverter.class,
            description = "the order's new total; KIS only accepts a smaller one")
    private Optional<Long> qty = Optional.empty();

    @Option(
            names = "--price",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "the new price, 149000 or 149,000; dollars of a US stock, as 187.34")
    private Optional<BigDecimal> price = Optional.empty();

    @Option(
            names = "--replace",
            description = "cancels an order that KIS cannot make larger, and places another for what is not filled")
    private boolean replace;

    OrderModify(Kis kis) {
        super(kis);
    }

    @Override
    Optional<String> orderId() {
        return Optional.of(id);
    }

    /** The order's quantity after the change. */
    final long newQty(Order order) {
        return qty.orElseGet(order::qty);
    }

    /** The order's limit price after the change. */
    final Optional<BigDecimal> newPrice(Order order) {
        return price.or(order::price);
    }

    /** What the command changes of an order. */
    final String change(Order order) {
        var changes = new ArrayList<String>();
        qty.ifPresent(to -> changes.add("quantity " + Format.value(order.qty()) + " to " + Format.value(to)));
        price.ifPresent(to -> changes.add("price "
                + order.price()
                        .map(from -> Format.money(order.currency(), from))
                        .orElse("none")
                + " to " + Format.money(order.currency(), to)));
        return "changes " + String.join(", ", changes)
                + (replace ? "; where KIS cannot, another order replaces it" : "");
    }

    @Override
    int run(GatewayConnection gateway) {
        requireOrder(id, "modify");
        if (qty.isEmpty() && price.isEmpty()) {
            throw usageError("Set --qty, --price, or both");
        }
        Optional<Integer> stopped = exitUnlessConfirmed(gateway);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        String key = idempotencyKey();
        var response = gateway.change(
                OrderCalls.modify(
                                id,
                                new ModifyRequest(
                                        Format.amount(qty), price, replace ? Optional.of(true) : Optional.empty()))
                        .withKey(key),
                GatewayConnection.Retry.IDEMPOTENT);
        return report(
                response,
                answer -> screen().line(answer.orderId() + "  " + answer.status()
                        + ": the modification is accepted; the old terms apply until KIS has accepted it."),
                Optional.of(key));
    }
}
