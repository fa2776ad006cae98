package kr.kisgateway.wire;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Venue;

/**
 * An order division (ORD_DVSN, 주문구분) on one venue and for one session: what an order of it is.
 *
 * @param code ORD_DVSN, such as {@code 00}
 * @param name KIS's name, such as 지정가
 * @param accepted the phases of the venue that accept it; empty for {@link Venue#SOR}, which is accepted where KRX or NXT does
 * @param last the phase at whose end its rest is gone; empty for SOR
 * @param paper whether paper trading has it, as far as documented
 * @param sharesOnly whether ETF, ETN and KONEX are excluded
 * @param from the first day on which it exists
 * @param to the last one
 */
public record OrderDivision(
        String code,
        String name,
        OrderKind kind,
        Venue venue,
        Set<Phase> accepted,
        Optional<Phase> last,
        boolean paper,
        boolean sharesOnly,
        LocalDate from,
        LocalDate to) {

    /** Whether it exists on {@code day}. */
    public boolean isValidOn(LocalDate day) {
        return !day.isBefore(from) && !day.isAfter(to);
    }
}
