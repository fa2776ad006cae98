/**
 * Pre-trade risk checks, before anything is recorded or sent.
 *
 * <p>{@link kr.kisgateway.gateway.risk.RiskRules} are pure rules over given {@link kr.kisgateway.gateway.risk.RiskFacts},
 * the exposure of own orders ({@link kr.kisgateway.gateway.risk.Exposure}) and the limits in force
 * ({@link kr.kisgateway.gateway.risk.RiskPolicy}). A fact that is unknown counts as unsafe, never as zero.
 *
 * <p>To add a limit: a constant of {@code RiskLimit} or {@code RiskGuard} (settings, file and JSON follow from its name, once
 * {@code Setting} has it), its rule in {@code RiskRules} at its place in the order, its row in {@code docs/RISK.md}.
 */
@NullMarked
package kr.kisgateway.gateway.risk;

import org.jspecify.annotations.NullMarked;
