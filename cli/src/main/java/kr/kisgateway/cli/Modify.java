package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderPreview;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        description = "Change an order's quantity or price, after a preview and a confirmation.%n"
                + "미리보기와 확인을 거쳐 주문의 수량이나 가격을 정정합니다.")
final class Modify extends OrderModify {
    @Mixin
    private Confirmation confirmation = new Confirmation();

    Modify(Kis kis) {
        super(kis);
    }

    @Override
    Optional<Integer> exitUnlessConfirmed(GatewayConnection gateway) {
        return confirmChange(gateway, confirmation, this::change, "Change it?", "정정할까요?");
    }

    @Override
    Optional<Integer> showFigures(GatewayConnection gateway, Order order, Screen shown) {
        if (order.credit().isPresent() || order.remainingQty() == 0) {
            return Optional.empty(); // its loan, or nothing, changes
        }
        long open = newQty(order) - order.filledQty();
        if (open <= 0) {
            return Optional.empty(); // the gateway says why not
        }
        var now = gateway.get(OrderCalls.preview(openPart(order, order.remainingQty(), order.price())));
        if (!(now instanceof Response.Done<OrderPreview>(OrderPreview before, var _, boolean _))) {
            return Optional.of(reportUnsent(now));
        }
        var then = gateway.get(OrderCalls.preview(openPart(order, open, newPrice(order))));
        if (!(then instanceof Response.Done<OrderPreview>(OrderPreview after, var _, boolean _))) {
            return Optional.of(reportUnsent(then));
        }
        if (before.figures().isPresent() && after.figures().isPresent()) {
            ChangeText.show(shown, before.figures().get(), after.figures().get());
        }
        return Optional.empty();
    }

    /** The open part of an order as an order by itself. */
    private static OrderRequest openPart(Order order, long qty, Optional<BigDecimal> price) {
        return new OrderRequest(
                order.accountId(),
                order.symbol(),
                order.side(),
                qty,
                Optional.of(order.orderType()),
                Optional.of(order.session()),
                Optional.of(order.timeInForce()),
                price,
                order.stopPrice(),
                order.currency().equals("KRW") ? Optional.of(order.venue()) : Optional.empty(),
                order.strategyId(),
                Optional.empty(),
                Optional.empty());
    }
}
