/**
 * When a call may be sent: {@code BudgetCore} decides by KIS's rates, lanes and tenants, {@code CallBudget} makes callers
 * wait, and {@code CallPermit} is the slot of one call.
 */
@NullMarked
package kr.kisgateway.client.budget;

import org.jspecify.annotations.NullMarked;
