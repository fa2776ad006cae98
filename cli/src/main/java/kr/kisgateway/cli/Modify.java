package kr.kisgateway.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(description = "Change an order's quantity or price, after a confirmation.%n" + "확인을 거쳐 주문의 수량이나 가격을 정정합니다.")
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
}
