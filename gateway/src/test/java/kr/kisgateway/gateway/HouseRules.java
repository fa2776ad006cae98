package kr.kisgateway.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The arrows of the house as rules. They are built over any root package, so that the same rules that hold for the
 * product can be shown to fail for a small house that breaks each of them.
 */
final class HouseRules {
    /** The classes that make everything by constructor calls and may therefore know everything. */
    private static final String[] COMPOSITION_ROOT = {"Wiring"};

    /** Where real time and chance enter: main methods, and entry points that fill in the real world for their caller. */
    private static final String[] WORLD = {
        "Wiring", "Gateway", "Main", "SimulatorMain", "SimulatorConfig", "Kis", "MarketData"
    };

    private static final Set<String> WORLDLY_CALLS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Thread.sleep",
            "java.lang.Math.random",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.time.InstantSource.system",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system");

    private static final Set<String> WORLDLY_WITHOUT_ARGUMENTS = Set.of(
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalTime.now",
            "java.time.LocalDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.util.Random.<init>",
            "java.util.SplittableRandom.<init>");

    final ArchRule the_market_knows_the_jdk_alone;
    final ArchRule the_wire_knows_the_market_json_and_the_jdk_alone;
    final ArchRule what_listeners_have_in_common_knows_the_server_library_and_none_of_them;
    final ArchRule parsing_and_printing_the_wire_know_nothing_of_each_other;
    final ArchRule the_client_knows_neither_simulator_nor_gateway;
    final ArchRule the_client_drags_in_no_server_and_no_database;
    final ArchRule the_simulator_knows_neither_client_nor_gateway;
    final ArchRule only_the_composition_root_knows_the_simulator;
    final ArchRule only_the_kis_package_and_the_composition_root_know_the_client;
    final ArchRule the_framework_is_met_only_in_http_and_in_routes;
    final ArchRule the_capabilities_know_no_json_outside_routes_stores_and_codecs;
    final ArchRule sql_is_met_only_in_the_journal_and_in_stores;
    final ArchRule the_gateways_packages_are_free_of_cycles;
    final ArchRule the_simulators_packages_are_free_of_cycles;
    final ArchRule time_and_chance_come_from_the_composition_root;
    final ArchRule there_is_no_static_mutable_state;

    HouseRules(String root) {
        var market = root + ".market..";
        var wire = root + ".wire..";
        var edge = root + ".edge..";
        var client = root + ".client..";
        var simulator = root + ".simulator..";
        var gateway = root + ".gateway..";

        the_market_knows_the_jdk_alone = classes()
                .that()
                .resideInAPackage(market)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(market, "java..", "org.jspecify..");
        the_wire_knows_the_market_json_and_the_jdk_alone = classes()
                .that()
                .resideInAPackage(wire)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        wire,
                        market,
                        "java..",
                        "javax.crypto..",
                        "org.jspecify..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..");
        what_listeners_have_in_common_knows_the_server_library_and_none_of_them = classes()
                .that()
                .resideInAPackage(edge)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(edge, "java..", "org.jspecify..").or(framework()));
        parsing_and_printing_the_wire_know_nothing_of_each_other =
                slices().matching(root + ".wire.(parse|print)..").should().notDependOnEachOther();
        the_client_knows_neither_simulator_nor_gateway = noClasses()
                .that()
                .resideInAPackage(client)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(simulator, gateway);
        the_client_drags_in_no_server_and_no_database = noClasses()
                .that()
                .resideInAPackage(client)
                .should()
                .dependOnClassesThat(framework().or(sql()));
        the_simulator_knows_neither_client_nor_gateway = noClasses()
                .that()
                .resideInAPackage(simulator)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(client, gateway);
        only_the_composition_root_knows_the_simulator = noClasses()
                .that(resideInAPackage(gateway).and(not(named(COMPOSITION_ROOT))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(simulator);
        only_the_kis_package_and_the_composition_root_know_the_client = noClasses()
                .that(resideInAPackage(gateway)
                        .and(not(resideInAPackage(root + ".gateway.kis..")))
                        .and(not(named(COMPOSITION_ROOT))))
                .should()
                // The table of settings is the gateway's, too.
                .dependOnClassesThat(resideInAPackage(client).and(not(resideInAPackage(root + ".client.settings.."))));
        the_framework_is_met_only_in_http_and_in_routes = noClasses()
                .that(resideInAPackage(gateway)
                        .and(not(resideInAPackage(root + ".gateway.http..")))
                        .and(not(named("Routes"))))
                .should()
                .dependOnClassesThat(framework());
        the_capabilities_know_no_json_outside_routes_stores_and_codecs = noClasses()
                .that(resideInAnyPackage(
                                root + ".gateway.order..",
                                root + ".gateway.risk..",
                                root + ".gateway.quote..",
                                root + ".gateway.session..",
                                root + ".gateway.portfolio..")
                        .and(not(named("Routes", "Store", "Codec", "Json"))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..");
        sql_is_met_only_in_the_journal_and_in_stores = noClasses()
                .that(resideInAPackage(gateway)
                        .and(not(resideInAPackage(root + ".gateway.journal..")))
                        .and(not(named("Store"))))
                .should()
                .dependOnClassesThat(sql());
        the_gateways_packages_are_free_of_cycles =
                slices().matching(root + ".gateway.(*)..").should().beFreeOfCycles();
        the_simulators_packages_are_free_of_cycles =
                slices().matching(root + ".simulator.(*)..").should().beFreeOfCycles();
        time_and_chance_come_from_the_composition_root = noClasses()
                .that(resideInAnyPackage(market, wire, edge, client, simulator, gateway)
                        .and(not(named(WORLD))))
                .should()
                .callCodeUnitWhere(worldly());
        there_is_no_static_mutable_state = fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat(resideInAnyPackage(market, wire, edge, client, simulator, gateway))
                .should()
                .beFinal();
    }

    record Named(String sentence, ArchRule rule) {}

    /** Every rule with its sentence: the field's name. */
    List<Named> all() {
        var rules = new ArrayList<Named>();
        for (Field field : HouseRules.class.getDeclaredFields()) {
            if (field.getType() != ArchRule.class) continue;
            var sentence = field.getName().replace('_', ' ');
            try {
                rules.add(new Named(sentence, ((ArchRule) field.get(this)).as(sentence)));
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
        return List.copyOf(rules);
    }

    private static DescribedPredicate<JavaClass> framework() {
        return resideInAnyPackage("io.javalin..", "jakarta.servlet..", "org.eclipse.jetty..");
    }

    private static DescribedPredicate<JavaClass> sql() {
        return resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.sqlite..");
    }

    /** Classes whose outermost class has a name that ends with one of these: a nested class belongs to its file. */
    private static DescribedPredicate<JavaClass> named(String... endings) {
        return DescribedPredicate.describe("are named …" + String.join("/", endings), type -> {
            var outermost = type;
            while (outermost.getEnclosingClass().isPresent())
                outermost = outermost.getEnclosingClass().get();
            var name = outermost.getSimpleName();
            return Arrays.stream(endings).anyMatch(name::endsWith);
        });
    }

    private static DescribedPredicate<JavaCall<?>> worldly() {
        return DescribedPredicate.describe("asks the world for the time or for chance, or sleeps", call -> {
            var target = call.getTarget();
            var name = target.getOwner().getName() + "." + target.getName();
            return WORLDLY_CALLS.contains(name)
                    || (WORLDLY_WITHOUT_ARGUMENTS.contains(name)
                            && target.getRawParameterTypes().isEmpty());
        });
    }

    private static DescribedPredicate<JavaClass> not(DescribedPredicate<JavaClass> predicate) {
        return DescribedPredicate.not(predicate);
    }
}
