package kr.kisgateway.cli;

import picocli.CommandLine.Command;

@Command(description = "Sell shares, after a preview and a confirmation.%n" + "미리보기와 확인을 거쳐 매도 주문을 접수합니다.")
final class Sell extends OrderPlace {
    Sell(Kis kis) {
        super(kis, "SELL");
    }
}
