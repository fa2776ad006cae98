package kr.kisgateway.client;

import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.parse.OverseasOrderRow;

/**
 * A filter of overseas orders. Paper cannot filter, so everything is requested there and filtered here.
 *
 * @param symbol one instrument; empty for all
 * @param side one side; empty for both
 * @param state whether filled, open or all
 */
public record OverseasFilter(Optional<OverseasSymbol> symbol, Optional<Side> side, State state) {
    /** The requested state of orders. */
    public enum State {
        ALL("00"),
        /** Partly or fully filled. */
        FILLED("01"),
        /** Partly or fully open. */
        OPEN("02");

        private final String code;

        State(String code) {
            this.code = code;
        }

        /** CCLD_NCCS_DVSN of it. */
        public String code() {
            return code;
        }
    }

    /** All orders. */
    public static final OverseasFilter ALL = new OverseasFilter(Optional.empty(), Optional.empty(), State.ALL);

    /** Only those for {@code one}. */
    public OverseasFilter with(OverseasSymbol one) {
        return new OverseasFilter(Optional.of(one), side, state);
    }

    /** Only those of {@code one} side. */
    public OverseasFilter with(Side one) {
        return new OverseasFilter(symbol, Optional.of(one), state);
    }

    /** Only those in {@code one} state. */
    public OverseasFilter with(State one) {
        return new OverseasFilter(symbol, side, one);
    }

    boolean matches(OverseasOrderRow row) {
        return symbol.stream().allMatch(it -> it.code().equals(row.code()))
                && side.stream().allMatch(it -> it == row.side())
                && switch (state) {
                    case ALL -> true;
                    case FILLED -> row.filledQty() > 0;
                    case OPEN -> row.isOpen();
                };
    }
}
