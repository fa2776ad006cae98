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
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import kr.kisgateway.client.KisClient;

/**
 * The dependency rules of the product. They apply to any root package, so that a test can show that each rule fails for a
 * small code base that breaks it.
 */
final class ArchitectureRules {
    /** The classes that construct everything and may therefore depend on everything. */
    private static final String[] COMPOSITION_ROOT = {"Wiring", "Module"};

    /** Where the system clock and randomness enter: main methods, and entry points that supply both for their caller. */
    private static final String[] ENVIRONMENT_CLASSES = {
        "Wiring", "Gateway", "Main", "SimulatorMain", "SimulatorConfig", "Kis", "MarketData"
    };

    /** The classes of the SDK that assemble it, beside the types of its API, which the rest of it uses. */
    private static final Set<String> CLIENT_ENTRY_POINTS =
            Set.of("Kis", "KisClient", "DomesticCalls", "OverseasCalls", "RealtimePool");

    private static final Set<String> ENVIRONMENT_CALLS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Thread.sleep",
            "java.lang.Math.random",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.time.InstantSource.system",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system");

    private static final Set<String> ENVIRONMENT_CALLS_WITHOUT_ARGUMENTS = Set.of(
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalTime.now",
            "java.time.LocalDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.util.Random.<init>",
            "java.util.SplittableRandom.<init>");

    final ArchRule the_market_depends_only_on_the_jdk;
    final ArchRule the_wire_depends_only_on_the_market_json_and_the_jdk;
    final ArchRule shared_listener_code_depends_on_the_server_library_and_on_no_listener;
    final ArchRule parsing_and_printing_of_the_wire_are_independent;
    final ArchRule the_client_depends_on_neither_simulator_nor_gateway;
    final ArchRule the_client_requires_no_server_and_no_database;
    final ArchRule only_what_the_client_exports_is_used;
    final ArchRule the_simulator_depends_on_neither_client_nor_gateway;
    final ArchRule only_the_composition_root_depends_on_the_simulator;
    final ArchRule only_adapters_and_the_composition_root_depend_on_the_client;
    final ArchRule only_the_composition_root_and_commands_depend_on_adapters;
    final ArchRule only_http_and_routes_use_the_framework;
    final ArchRule only_routes_stores_and_codecs_of_the_capabilities_use_json;
    final ArchRule only_quotes_ticks_and_bars_are_written_as_json_by_hand;
    final ArchRule only_the_package_of_meters_uses_micrometer;
    final ArchRule only_the_package_that_sends_spans_uses_opentelemetry;
    final ArchRule no_meter_is_in_a_static_registry;
    final ArchRule only_databases_leases_the_journal_and_stores_use_sql;
    final ArchRule the_packages_are_free_of_cycles;
    final ArchRule time_and_randomness_come_from_the_composition_root;
    final ArchRule there_is_no_static_mutable_state;

    ArchitectureRules(String root) {
        var market = root + ".market..";
        var wire = root + ".wire..";
        var edge = root + ".edge..";
        var client = root + ".client..";
        var simulator = root + ".simulator..";
        var gateway = root + ".gateway..";
        String[] adapters = {root + ".gateway.kis..", root + ".gateway.krx.."};

        the_market_depends_only_on_the_jdk = classes()
                .that()
                .resideInAPackage(market)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(market, "java..", "org.jspecify..");
        the_wire_depends_only_on_the_market_json_and_the_jdk = classes()
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
        shared_listener_code_depends_on_the_server_library_and_on_no_listener = classes()
                .that()
                .resideInAPackage(edge)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(edge, "java..", "org.jspecify..").or(framework()));
        parsing_and_printing_of_the_wire_are_independent =
                slices().matching(root + ".wire.(parse|print)..").should().notDependOnEachOther();
        the_client_depends_on_neither_simulator_nor_gateway = noClasses()
                .that()
                .resideInAPackage(client)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(simulator, gateway);
        the_client_requires_no_server_and_no_database = noClasses()
                .that()
                .resideInAPackage(client)
                .should()
                .dependOnClassesThat(framework().or(sql()));
        only_what_the_client_exports_is_used = noClasses()
                .that()
                .resideOutsideOfPackage(client)
                .should()
                .dependOnClassesThat(
                        resideInAPackage(client).and(not(resideInAnyPackage(exportedPackages(root + ".client")))));
        the_simulator_depends_on_neither_client_nor_gateway = noClasses()
                .that()
                .resideInAPackage(simulator)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(client, gateway);
        only_the_composition_root_depends_on_the_simulator = noClasses()
                .that(resideInAPackage(gateway).and(not(named(COMPOSITION_ROOT))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(simulator);
        only_adapters_and_the_composition_root_depend_on_the_client = noClasses()
                .that(resideInAPackage(gateway)
                        .and(not(resideInAnyPackage(adapters)))
                        .and(not(named(COMPOSITION_ROOT))))
                .should()
                // The table of settings, the type of secrets and the key file of both belong to the gateway, too.
                .dependOnClassesThat(resideInAPackage(client)
                        .and(not(resideInAPackage(root + ".client.settings..")))
                        .and(not(named("Secret", "StoreKey"))));
        only_the_composition_root_and_commands_depend_on_adapters = noClasses()
                .that(resideInAPackage(gateway)
                        .and(not(resideInAnyPackage(adapters)))
                        .and(not(named(COMPOSITION_ROOT)))
                        .and(not(named("Command", "Main"))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(adapters);
        only_http_and_routes_use_the_framework = noClasses()
                .that(resideInAPackage(gateway)
                        .and(not(resideInAPackage(root + ".gateway.http..")))
                        .and(not(named("Routes"))))
                .should()
                .dependOnClassesThat(framework());
        only_routes_stores_and_codecs_of_the_capabilities_use_json = noClasses()
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
        only_quotes_ticks_and_bars_are_written_as_json_by_hand = noClasses()
                .that(resideInAPackage(gateway)
                        .and(not(resideInAnyPackage(
                                root + ".gateway.json..",
                                root + ".gateway.http..",
                                root + ".gateway.quote..",
                                root + ".gateway.stream..",
                                root + ".gateway.batch..")))
                        // Main writes one line before anything else is loaded.
                        .and(not(named("BarRoutes", "Main"))))
                .should()
                .dependOnClassesThat(named("JsonBuffer"));
        only_the_package_of_meters_uses_micrometer = noClasses()
                .that(resideInAPackage(gateway).and(not(resideInAPackage(root + ".gateway.meter.."))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..");
        only_the_package_that_sends_spans_uses_opentelemetry = noClasses()
                .that(resideInAPackage(gateway).and(not(resideInAPackage(root + ".gateway.trace.otlp.."))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..");
        no_meter_is_in_a_static_registry = noClasses()
                .that()
                .resideInAPackage(gateway)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.micrometer.core.instrument.Metrics");
        only_databases_leases_the_journal_and_stores_use_sql = noClasses()
                .that(resideInAPackage(gateway)
                        .and(not(resideInAnyPackage(
                                root + ".gateway.database..", root + ".gateway.lease..", root + ".gateway.journal..")))
                        .and(not(named("Store"))))
                .should()
                .dependOnClassesThat(sql());
        the_packages_are_free_of_cycles =
                slices().assignedFrom(packages(root)).should().beFreeOfCycles();
        time_and_randomness_come_from_the_composition_root = noClasses()
                .that(resideInAnyPackage(market, wire, edge, client, simulator, gateway)
                        .and(not(named(ENVIRONMENT_CLASSES))))
                .should()
                .callCodeUnitWhere(environmentCall());
        there_is_no_static_mutable_state = fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat(resideInAnyPackage(market, wire, edge, client, simulator, gateway))
                .should()
                .beFinal();
    }

    record Named(String sentence, ArchRule rule) {}

    /** Every rule with its sentence, the field's name. */
    List<Named> all() {
        var rules = new ArrayList<Named>();
        for (Field field : ArchitectureRules.class.getDeclaredFields()) {
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
        return resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..", "com.zaxxer..");
    }

    /** Classes whose outermost class has a name that ends with one of these: a nested class belongs to its file. */
    private static DescribedPredicate<JavaClass> named(String... endings) {
        return DescribedPredicate.describe("are named …" + String.join("/", endings), type -> {
            var name = outermostName(type);
            return Arrays.stream(endings).anyMatch(name::endsWith);
        });
    }

    private static String outermostName(JavaClass type) {
        var outermost = type;
        while (outermost.getEnclosingClass().isPresent())
            outermost = outermost.getEnclosingClass().get();
        return outermost.getSimpleName();
    }

    /** Each package of each module, and the SDK's entry points, which share the package of its API. */
    private static SliceAssignment packages(String root) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                var name = type.getPackageName();
                if (!resideInAPackage(root + "..").test(type)) return SliceIdentifier.ignore();
                return name.equals(root + ".client") && CLIENT_ENTRY_POINTS.contains(outermostName(type))
                        ? SliceIdentifier.of(name, "entry points")
                        : SliceIdentifier.of(name);
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
    }

    /** What the SDK's module exports, to everybody or to the gateway, as packages below {@code client}. */
    private static String[] exportedPackages(String client) {
        try {
            var classes = Path.of(KisClient.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            var module = KisClient.class.getPackageName();
            return ModuleFinder.of(classes).find(module).orElseThrow().descriptor().exports().stream()
                    .map(export -> client + export.source().substring(module.length()))
                    .toArray(String[]::new);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static DescribedPredicate<JavaCall<?>> environmentCall() {
        return DescribedPredicate.describe("reads the system clock, draws unseeded random numbers or sleeps", call -> {
            var target = call.getTarget();
            var name = target.getOwner().getName() + "." + target.getName();
            return ENVIRONMENT_CALLS.contains(name)
                    || (ENVIRONMENT_CALLS_WITHOUT_ARGUMENTS.contains(name)
                            && target.getRawParameterTypes().isEmpty());
        });
    }

    private static DescribedPredicate<JavaClass> not(DescribedPredicate<JavaClass> predicate) {
        return DescribedPredicate.not(predicate);
    }
}
