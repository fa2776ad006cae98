package kr.kisgateway.gateway;

import java.util.function.Predicate;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.parent.ParentDesk;
import kr.kisgateway.gateway.parent.ParentIntake;
import kr.kisgateway.gateway.parent.ParentRoutes;

/**
 * Parent orders: orders that are placed later.
 *
 * @param intake the way in of every port
 */
record ParentModule(ParentDesk desk, ParentIntake intake) {
    /**
     * Registers the routes, and attaches to orders and keys before any of them starts.
     *
     * @param isValidKey whether an API key of this name is valid now
     */
    static ParentModule create(
            Platform platform,
            AccessModule access,
            OrderModule orders,
            OrderModule.Entry entry,
            Predicate<String> isValidKey) {
        var desk = new ParentDesk(
                orders.desk(),
                entry.intake(),
                name -> name.equals(Caller.LOCAL_NAME) || isValidKey.test(name),
                platform.alertSource(AlertEvent.PARENT_ORDER_NOT_PLACED),
                platform.clock(),
                platform.random());
        orders.publisher().attach(desk::orderChanged);
        access.onKeyEnded(desk::keyEnded);
        desk.bindTo(platform.meters());
        var intake = new ParentIntake(desk, orders.desk(), entry.intake(), platform.clock());
        new ParentRoutes(intake, entry.parser(), platform.clock()).addTo(platform.routes());
        return new ParentModule(desk, intake);
    }

    /** Starts, after the order desk has read its journal. */
    void start(Platform platform) {
        platform.parts().add(desk);
        desk.start();
    }
}
