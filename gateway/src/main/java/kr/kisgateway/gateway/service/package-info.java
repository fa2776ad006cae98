/**
 * The gateway as a service of systemd: readiness, status and watchdog, over the socket that systemd names in the environment. Without
 * it nothing here runs. A further thread or answer without which the gateway is of no use is another {@link
 * kr.kisgateway.gateway.service.Essential}.
 */
@NullMarked
package kr.kisgateway.gateway.service;

import org.jspecify.annotations.NullMarked;
