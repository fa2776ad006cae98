package kr.kisgateway.cli;

import picocli.CommandLine.Command;

@Command(description = "Buy shares, after a preview and a confirmation.%n" + "미리보기와 확인을 거쳐 매수 주문을 접수합니다.")
final class Buy extends OrderPlace {
    Buy(Kis kis) {
        super(kis, "BUY");
    }
}
