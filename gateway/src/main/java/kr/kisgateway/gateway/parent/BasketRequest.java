package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.util.List;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.Terms;

/**
 * A basket as requested: its quantities are not computed yet.
 *
 * @param lines in the order of the request
 * @param partial whether bad lines are left out; else one of them and nothing is placed
 * @param dryRun whether it is only evaluated
 * @param canonical the request in a form that is the same whenever it is repeated, at whatever prices
 */
record BasketRequest(String accountId, List<Line> lines, boolean partial, boolean dryRun, String canonical)
        implements PlanParser.Requested {
    BasketRequest {
        lines = List.copyOf(lines);
    }

    /** A line of the request. */
    sealed interface Line {
        /** Position in the request, from 0. */
        int number();
    }

    /**
     * An order.
     *
     * @param terms with the quantity where that is requested, else for one share
     * @param until past which it is neither placed nor sent
     * @param routed whether its venue is chosen when it is placed
     */
    record Order(int number, Terms terms, Size size, Instant until, boolean routed) implements Line {}

    /** A line that is no order. */
    record Unreadable(int number, Refusal refusal) implements Line {}

    /** How large an order is to be. */
    sealed interface Size {
        /** The field that says so. */
        String field();

        /** That many shares. */
        record Shares(long qty) implements Size {
            @Override
            public String field() {
                return "qty";
            }
        }

        /** As many shares as {@code won} pay for. */
        record Amount(long won) implements Size {
            @Override
            public String field() {
                return "amount";
            }
        }

        /**
         * As many shares as a part of the basket's amount pays for.
         *
         * @param basisPoints hundredths of a percent of {@code total}
         * @param total won
         */
        record Weight(int basisPoints, long total) implements Size {
            @Override
            public String field() {
                return "weight";
            }

            /** The part, truncated to whole won. */
            long won() {
                return Math.multiplyExact(total, (long) basisPoints) / Start.Distance.WHOLE;
            }
        }
    }
}
