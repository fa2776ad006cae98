package kr.kisgateway.gateway;

import java.util.concurrent.ConcurrentHashMap;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Runs the operations of a structure that threads share without a lock in many orders of their single steps, by Lincheck's model
 * checker. It executes the threads one at a time and decides at each access to memory which one continues, so a run does not
 * depend on the machine, and a failure is printed step by step. It assumes that each thread sees all earlier writes: a field
 * that lacks {@code volatile} is not found.
 */
public final class Interleavings {
    /** Calls of the JDK's map that it promises to be atomic, with the function that they run; its iterations are not. */
    private static final ManagedStrategyGuarantee ATOMIC_MAP_CALLS = ManagedStrategyGuaranteeKt.forClasses(
                    ConcurrentHashMap.class.getName())
            .methods("get", "put", "remove", "merge", "compute", "computeIfAbsent", "computeIfPresent")
            .treatAsAtomic();

    /** How much is tried. */
    public enum Effort {
        /** Seconds. */
        REGULAR(50, 30, 250),
        /** Minutes, for tests tagged {@code long}. */
        LONG(200, 200, 5_000);

        private final int scenarios;
        private final int ordersOfScenario;
        private final int ordersOfProgram;

        Effort(int scenarios, int ordersOfScenario, int ordersOfProgram) {
            this.scenarios = scenarios;
            this.ordersOfScenario = ordersOfScenario;
            this.ordersOfProgram = ordersOfProgram;
        }
    }

    private Interleavings() {}

    /**
     * Fails on results that no sequence of the same calls has.
     *
     * @param structure public class with a constructor without parameters, and the calls as its operations
     * @param specification the same calls for one thread
     */
    public static void checkSequentialOrder(Class<?> structure, Class<?> specification, Effort effort) {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(effort.scenarios)
                .invocationsPerIteration(effort.ordersOfScenario)
                .addGuarantee(ATOMIC_MAP_CALLS)
                .sequentialSpecification(specification)
                .check(structure);
    }

    /** Fails when {@code program}, which starts threads of its own and joins them, throws in one of the orders; not by AssertJ. */
    public static void checkAlways(Runnable program, Effort effort) {
        Lincheck.runConcurrentTest(effort.ordersOfProgram, program);
    }

    /** Waits for the end of a thread of such a program. */
    public static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
