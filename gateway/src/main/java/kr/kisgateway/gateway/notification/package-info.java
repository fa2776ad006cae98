/**
 * Alerts that leave the machine: {@link kr.kisgateway.gateway.notification.AlertRules} of {@code alerts.yaml} name channels and
 * what goes to them, {@link kr.kisgateway.gateway.notification.NotificationCore} decides what is sent when,
 * {@link kr.kisgateway.gateway.notification.NotificationStore} keeps it until it is delivered, and
 * {@link kr.kisgateway.gateway.notification.NotificationDesk} runs both and sends.
 */
@NullMarked
package kr.kisgateway.gateway.notification;

import org.jspecify.annotations.NullMarked;
