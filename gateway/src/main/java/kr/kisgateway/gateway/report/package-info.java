/**
 * Messages to people that are no alerts: {@link kr.kisgateway.gateway.report.FillReports} of fills,
 * {@link kr.kisgateway.gateway.report.DailyReports} of each trading day. Both read what is recorded and pass texts to the
 * {@link kr.kisgateway.gateway.notification.NotificationDesk}, with a mark that becomes durable together with them.
 */
@NullMarked
package kr.kisgateway.gateway.report;

import org.jspecify.annotations.NullMarked;
