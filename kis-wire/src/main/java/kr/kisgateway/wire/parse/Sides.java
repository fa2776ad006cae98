package kr.kisgateway.wire.parse;

import kr.kisgateway.market.Side;

/** 매도매수구분: 01 sells, 02 buys. A side that cannot be read is never guessed. */
final class Sides {
    private Sides() {}

    static Side of(Row row, String name) {
        String code = row.text(name);
        return switch (code) {
            case "01" -> Side.SELL;
            case "02" -> Side.BUY;
            default -> throw new BadFieldException(name, code);
        };
    }
}
