/**
 * Whole trading days in one thread and in virtual time: the gateway's order core with its journal in memory, the client's
 * budget, session and token cores, the simulator's broker, programs that trade, and everything that can go wrong between
 * them. A day is a function of its seed.
 *
 * <p>{@link kr.kisgateway.simulation.SimulatedDay} runs and judges one. Inside, {@code Loop} is the only scheduler;
 * {@code SimulationWorld} holds the parts together; {@code OrderCoreDriver} is the one class that knows the order core's words;
 * {@code GatewayProcess}, {@code SimulatedKisClient} and {@code BrokerProcess} are the shells around the cores, doing with events
 * what the product does with threads; {@code Network} carries the real bytes of requests, answers and frames, or loses
 * them; {@code FaultPlan} decides what goes wrong when. The judge lives in {@code history} and knows none of them.
 */
@NullMarked
package kr.kisgateway.simulation;

import org.jspecify.annotations.NullMarked;
