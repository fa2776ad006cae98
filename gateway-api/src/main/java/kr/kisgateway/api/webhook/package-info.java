/** Webhooks: alerts of services that cannot set headers become orders. */
@NullMarked
package kr.kisgateway.api.webhook;

import org.jspecify.annotations.NullMarked;
