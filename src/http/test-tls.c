/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The server with TLS over loopback: a child process asks with OpenSSL, with a certificate made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "http/server.h"

enum { PATH_BYTES = 64, CERTIFICATE_SECONDS = 3600, WAIT_US = 10000000 };

static char folder[] = "/tmp/sonae-tls-XXXXXX";
static char certificate_path[PATH_BYTES], key_path[PATH_BYTES];

static int make_certificate(void **state)
{
	assert_non_null(mkdtemp(folder));
	snprintf(certificate_path, sizeof(certificate_path), "%s/certificate.pem", folder);
	snprintf(key_path, sizeof(key_path), "%s/key.pem", folder);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = X509_new();
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(certificate), CERTIFICATE_SECONDS);
	X509_set_pubkey(certificate, key);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	FILE *file = fopen(certificate_path, "w");
	assert_int_equal(1, PEM_write_X509(file, certificate));
	fclose(file);
	file = fopen(key_path, "w");
	assert_int_equal(1, PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
	fclose(file);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return 0;
}

static int remove_certificate(void **state)
{
	unlink(certificate_path);
	unlink(key_path);
	return rmdir(folder);
}

static size_t body_max(void *context, const struct http_message *head)
{
	return 0;
}

static void on_request(void *context, struct http_exchange *x)
{
	struct http_answer answer = {.status = 200, .body = http_exchange_is_tls(x) ? STR("secret") : STR("plain")};
	http_exchange_answer(x, &answer);
}

static void on_refused(void *context, struct http_exchange *x, int status, const char *reason)
{
	struct http_answer answer = {.status = status};
	http_exchange_answer(x, &answer);
}

static int listen_on_loopback(struct sockaddr_in *ret_address)
{
	socklen_t n = sizeof(*ret_address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*ret_address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	assert_int_equal(0, bind(fd, (struct sockaddr *) ret_address, n));
	assert_int_equal(0, listen(fd, 8));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *) ret_address, &n));
	return fd;
}

/* 0 when two requests on one connection were answered; the exit status of the child. */
static int ask_as_client(const struct sockaddr_in *address)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	char answer[512];
	int fd = socket(AF_INET, SOCK_STREAM, 0), found = 0;
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *tls = SSL_new(context);
	if (connect(fd, (const struct sockaddr *) address, sizeof(*address)) != 0 || SSL_set_fd(tls, fd) != 1 ||
	    SSL_connect(tls) != 1)
		return 2;
	for (int i = 0; i < 2; i++) {
		SSL_write(tls, request, sizeof(request) - 1);
		int n = SSL_read(tls, answer, sizeof(answer));
		found += n > 0 && str_contains(str_make(answer, (size_t) n), STR("secret"));
	}
	SSL_free(tls);
	SSL_CTX_free(context);
	close(fd);
	return found == 2 ? 0 : 1;
}

static void test_two_requests_over_tls(void **state)
{
	struct sockaddr_in address;
	struct event_base *base = event_base_new();
	struct http_server_options options = {.connections_max = 4,
	                                      .connections_per_address_max = 4,
	                                      .body_max = body_max,
	                                      .request = on_request,
	                                      .refused = on_refused};
	assert_int_equal(0, http_tls_new(certificate_path, key_path, &options.tls));
	int fd = listen_on_loopback(&address), status = -1;
	pid_t child = fork();
	if (child == 0)
		_exit(ask_as_client(&address));
	struct http_server *server = http_server_new(base, &options);
	assert_int_equal(0, http_server_listen(server, fd));
	for (int64_t end_us = clock_monotonic_us() + WAIT_US; clock_monotonic_us() < end_us;) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		if (waitpid(child, &status, WNOHANG) == child)
			break;
		usleep(1000);
	}
	assert_int_equal(0, status);
	http_server_free(server);
	event_base_free(base);
	http_tls_free(options.tls);
}

static void test_bad_files(void **state)
{
	struct ssl_ctx_st *tls = NULL;
	assert_int_equal(ERR_NOT_FOUND, http_tls_new("/nowhere/a.pem", "/nowhere/b.pem", &tls));
	assert_int_equal(ERR_SYSTEM, http_tls_new(certificate_path, "/nowhere/b.pem", &tls));
	assert_int_equal(ERR_CRYPTO, http_tls_new(key_path, certificate_path, &tls));
	assert_null(tls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_two_requests_over_tls),
	        cmocka_unit_test(test_bad_files),
	};
	return cmocka_run_group_tests(tests, make_certificate, remove_certificate);
}
