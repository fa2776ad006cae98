package kr.kisgateway.gateway.face;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.parent.Parent;
import kr.kisgateway.gateway.parent.ParentId;
import kr.kisgateway.gateway.parent.ParentIntake;
import kr.kisgateway.gateway.parent.ParentStore;
import kr.kisgateway.gateway.parent.Plan;
import kr.kisgateway.market.MarketSymbol;

/** The reserved orders of a market: the parent orders with one order at a time. Others are not KIS's, and not shown. */
final class Reservations {
    /** Rows of a page. */
    static final int PAGE = 100;

    /** Parent orders that are read for a page; one with fewer rows may have another after it. */
    private static final int READ_MAX = 1_000;

    private static final int BATCH = 200;

    private final ParentIntake parents;
    private final Class<? extends MarketSymbol> market;

    /** @param market the symbols of the market */
    Reservations(ParentIntake parents, Class<? extends MarketSymbol> market) {
        this.parents = parents;
        this.market = market;
    }

    /** @param next where the next page begins; empty on the last */
    record Page(List<Parent> parents, Optional<ParentId> next) {}

    /** The reservation with this number, of any age, if {@code caller} may see it. */
    Optional<Parent> find(Caller caller, long number) {
        return parents.find(caller, number).filter(this::isReservation);
    }

    /**
     * Those that {@code caller} may see, newest first.
     *
     * @param since those created earlier are not needed
     * @param before the end of the page before this one
     */
    Page page(Caller caller, Instant since, Optional<ParentId> before, Predicate<Parent> selected) {
        var filter = ParentStore.Filter.of(caller, Optional.empty());
        var found = new ArrayList<Parent>();
        Optional<ParentId> last = before;
        for (int read = 0; read < READ_MAX; read += BATCH) {
            List<Parent> batch = parents.list(filter, last, BATCH);
            for (Parent parent : batch) {
                if (parent.createdAt().isBefore(since)) {
                    return new Page(found, Optional.empty());
                }
                if (isReservation(parent) && selected.test(parent)) {
                    if (found.size() == PAGE) {
                        return new Page(found, last);
                    }
                    found.add(parent);
                }
                last = Optional.of(parent.id());
            }
            if (batch.size() < BATCH) {
                return new Page(found, Optional.empty());
            }
        }
        return new Page(found, last);
    }

    private boolean isReservation(Parent parent) {
        return parent.plan().kind() == Plan.Kind.SCHEDULED
                && market.isInstance(parent.plan().terms().symbol());
    }
}
