/**
 * Complete trading days in one thread and in virtual time: the gateway's order core with its journal in memory, the
 * client's budget, session and token cores, the simulator's broker, trading programs, and faults between them. A day is
 * a function of its seed.
 *
 * <p>{@link kr.kisgateway.simulation.SimulatedDay} runs and verifies one. Inside, {@code Loop} is the only scheduler;
 * {@code SimulationWorld} connects the parts; {@code OrderCoreDriver} is the one class that uses the order core's
 * types; {@code GatewayProcess}, {@code SimulatedKisClient} and {@code BrokerProcess} are the shells around the cores,
 * which use events where the product uses threads; {@code Network} carries the real bytes of requests, answers and
 * frames, or loses them; {@code FaultPlan} schedules the faults. The checker is in {@code history} and depends on none
 * of them.
 */
@NullMarked
package kr.kisgateway.simulation;

import org.jspecify.annotations.NullMarked;
