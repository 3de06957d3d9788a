/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What each level really forbids: every probe runs in a process of that level and tries to do it. Builds with
 * sanitizers have no jail, and nothing to prove. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/fd.h"
#include "jail/jail.h"

static char folder[] = "/tmp/sonae-jail-XXXXXX";
static char inside_file[80], outside_file[80], rules_file[80], data_folder[64], rules_folder[64];
static int report[2];

/* A probe gives true when the thing worked. */
static bool open_to_read(const char *path)
{
	char c;
	CLEANUP_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, &c, 1) == 1;
}

static bool open_to_write(const char *path)
{
	CLEANUP_FD fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return fd >= 0 && write(fd, "x", 1) == 1;
}

static bool read_passwd(void)
{
	return open_to_read("/etc/passwd");
}

static bool read_own_maps(void)
{
	return open_to_read("/proc/self/maps");
}

static bool read_parent_environment(void)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/environ", (int) getppid());
	return open_to_read(path) || open_to_read("/proc/1/environ");
}

static bool read_rules(void)
{
	return open_to_read(rules_file);
}

static bool read_data(void)
{
	return open_to_read(inside_file);
}

static bool read_outside(void)
{
	return open_to_read(outside_file);
}

static bool write_data(void)
{
	return open_to_write(inside_file);
}

static bool write_rules(void)
{
	return open_to_write(rules_file);
}

static bool write_outside(void)
{
	return open_to_write(outside_file);
}

static bool make_in_tmp(void)
{
	return open_to_write("/tmp/sonae-must-not-be");
}

static bool truncate_outside(void)
{
	return truncate(outside_file, 0) == 0;
}

static bool remove_outside(void)
{
	return unlink(outside_file) == 0;
}

static bool rename_in_data(void)
{
	char other[96];
	snprintf(other, sizeof(other), "%s.new", inside_file);
	return rename(inside_file, other) == 0 && rename(other, inside_file) == 0;
}

static bool list_folder(void)
{
	CLEANUP_FD fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0;
}

static bool look_at_file(void)
{
	struct stat info;
	return stat("/etc/passwd", &info) == 0;
}

static bool make_socket(int family, int type)
{
	CLEANUP_FD fd = socket(family, type | SOCK_CLOEXEC, 0);
	return fd >= 0;
}

static bool make_tcp_socket(void)
{
	return make_socket(AF_INET, SOCK_STREAM);
}

static bool make_udp6_socket(void)
{
	return make_socket(AF_INET6, SOCK_DGRAM);
}

static bool make_netlink_socket(void)
{
	return make_socket(AF_NETLINK, SOCK_RAW);
}

static bool make_packet_socket(void)
{
	return make_socket(AF_PACKET, SOCK_RAW);
}

static bool make_local_socket(void)
{
	return make_socket(AF_UNIX, SOCK_STREAM);
}

static bool make_socket_pair(void)
{
	int ends[2];
	return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0;
}

static bool run_program(void)
{
	char *argv[] = {(char *) "true", NULL};
	char *envp[] = {NULL};
	execve("/bin/true", argv, envp);
	return false;
}

static bool run_program_from_memory(void)
{
	char *argv[] = {(char *) "true", NULL};
	char *envp[] = {NULL};
	CLEANUP_FD fd = (int) syscall(SYS_memfd_create, "x", 0);
	syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
	return false;
}

static bool fork_process(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool clone_thread(void)
{
	long pid = syscall(SYS_clone, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, NULL, NULL,
	                   NULL, 0);
	return pid >= 0;
}

static bool clone3_process(void)
{
	uint64_t arguments[8] = {0};
	arguments[4] = SIGCHLD;
	long pid = syscall(SYS_clone3, arguments, sizeof(arguments));
	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool trace_parent(void)
{
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0;
}

static bool trace_me(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool read_parent_memory(void)
{
	char byte;
	struct iovec local = {&byte, 1}, remote = {(void *) &folder, 1};
	return process_vm_readv(getppid(), &local, 1, &remote, 1, 0) == 1;
}

static bool signal_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static bool map_executable(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool make_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool make_memory_file(void)
{
	return syscall(SYS_memfd_create, "x", 0) >= 0;
}

static bool make_namespace(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

static bool mount_something(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL) == 0;
}

static bool become_root(void)
{
	return setresuid(0, 0, 0) == 0 && setresgid(0, 0, 0) == 0;
}

static bool load_bpf(void)
{
	union bpf_attr attributes = {0};
	attributes.map_type = BPF_MAP_TYPE_ARRAY;
	attributes.key_size = attributes.value_size = 4;
	attributes.max_entries = 1;
	return syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes)) >= 0;
}

static bool make_ring(void)
{
	char parameters[120] = {0};
	return syscall(SYS_io_uring_setup, 4, parameters) >= 0;
}

static bool share_memory(void)
{
	return shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0;
}

static bool raise_limit(void)
{
	struct rlimit limit = {1024, 1024};
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static bool be_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

static bool use_keyring(void)
{
	return syscall(SYS_keyctl, 0, -3, 1) >= 0;
}

static bool open_userfault(void)
{
	return syscall(SYS_userfaultfd, 0) >= 0;
}

#if defined(__x86_64__)
static bool call_by_32_bits(void)
{
	long result;
	/* getpid of the 32-bit table: a filter that knows one architecture only would take it for another call. */
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
	return result > 0;
}

static bool call_by_x32(void)
{
	return syscall(0x40000000 | SYS_getpid) > 0;
}
#endif

static bool use_two_gigabytes(void)
{
	size_t n = (size_t) 2048 * 1024 * 1024;
	char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p != MAP_FAILED;
}

static bool use_ten_megabytes(void)
{
	size_t n = (size_t) 10 * 1024 * 1024;
	char *p = malloc(n);
	if (!p)
		return false;
	memset(p, 1, n);
	bool fine = p[n - 1] == 1;
	free(p);
	return fine;
}

static bool write_to_open_socket(void)
{
	return write(report[1], "", 0) == 0;
}

struct probe {
	const char *name;
	bool (*run)(void);
	bool reader, keeper, web; /* may it? */
};

static const struct probe probes[] = {
        {"read /etc/passwd", read_passwd, false, false, false},
        {"read /proc/self/maps", read_own_maps, false, false, false},
        {"read /proc of another", read_parent_environment, false, false, false},
        {"read the rules", read_rules, false, true, true},
        {"read the data", read_data, false, true, true},
        {"read elsewhere", read_outside, false, false, false},
        {"write the data", write_data, false, true, false},
        {"rename in the data", rename_in_data, false, true, false},
        {"write the rules", write_rules, false, false, false},
        {"write elsewhere", write_outside, false, false, false},
        {"make a file in /tmp", make_in_tmp, false, false, false},
        {"truncate elsewhere", truncate_outside, false, false, false},
        {"remove elsewhere", remove_outside, false, false, false},
        {"list /", list_folder, false, false, false},
        {"look at a file", look_at_file, false, true, true},
        {"TCP socket", make_tcp_socket, false, false, false},
        {"UDP socket", make_udp6_socket, false, false, false},
        {"netlink socket", make_netlink_socket, false, false, false},
        {"packet socket", make_packet_socket, false, false, false},
        {"local socket", make_local_socket, false, true, true},
        {"pair of sockets", make_socket_pair, false, true, true},
        {"run a program", run_program, false, false, false},
        {"run a program from memory", run_program_from_memory, false, false, false},
        {"fork", fork_process, false, false, false},
        {"start a thread", clone_thread, false, false, false},
        {"clone3", clone3_process, false, false, false},
        {"trace the parent", trace_parent, false, false, false},
        {"be traced", trace_me, false, false, false},
        {"read the parent's memory", read_parent_memory, false, false, false},
        {"signal the parent", signal_parent, false, false, false},
        {"map executable memory", map_executable, false, false, false},
        {"make memory executable", make_executable, false, false, false},
        {"memory file", make_memory_file, false, true, true},
        {"new namespace", make_namespace, false, false, false},
        {"mount", mount_something, false, false, false},
        {"become root", become_root, false, false, false},
        {"load BPF", load_bpf, false, false, false},
        {"io_uring", make_ring, false, false, false},
        {"shared memory", share_memory, false, false, false},
        {"raise a limit", raise_limit, false, false, false},
        {"be dumpable again", be_dumpable, false, false, false},
        {"key ring", use_keyring, false, false, false},
        {"userfaultfd", open_userfault, false, false, false},
#if defined(__x86_64__)
        {"32-bit call", call_by_32_bits, false, false, false},
        {"x32 call", call_by_x32, false, false, false},
#endif
        {"two gigabytes", use_two_gigabytes, false, true, true},
        {"ten megabytes", use_ten_megabytes, true, true, true},
        {"write to what is open", write_to_open_socket, true, true, true},
};

enum verdict_of_probe { PROBE_WORKED = 0, PROBE_REFUSED = 1, PROBE_NOT_RUN = 2 };

/* Killed counts as refused. A program that ran instead of the probe ends with 0 like a probe that worked. */
static int result_of(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? PROBE_REFUSED : PROBE_NOT_RUN;
	return WEXITSTATUS(status);
}

static int enter_level(enum jail_level level, jail_set *ret)
{
	const char *const read[] = {rules_folder, data_folder, NULL};
	const char *const write[] = {data_folder, NULL};
	const char *const trusted[] = {"/etc/ssl", NULL};
	struct jail_grants keeper = {.read = read, .write = write}, web = {.read = read};
	const char *const fonts[] = {"/usr/share/fonts", NULL};
	struct jail_grants gate = {.read = trusted, .connects = true}, post = gate, press = {.read = fonts};
	const struct jail_grants *grants[JAIL_LEVEL_COUNT] = {[JAIL_KEEPER] = &keeper,
	                                                      [JAIL_WEB] = &web,
	                                                      [JAIL_GATE] = &gate,
	                                                      [JAIL_POST] = &post,
	                                                      [JAIL_PRESS] = &press};

	return jail_enter(level, grants[level], NULL, ret);
}

/* In a process of its own: as the real ones, a reader is forked from a jailed zygote. */
static void run_all(enum jail_level level)
{
	bool is_reader = level == JAIL_READER;
	jail_set set;

	if (jail_separate(is_reader ? JAIL_ZYGOTE : level, is_reader ? 65534 : 0, is_reader ? 65534 : 0, &set) < 0)
		_exit(PROBE_NOT_RUN);
	pid_t first = fork();
	if (first != 0) {
		int status;
		waitpid(first, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : PROBE_NOT_RUN);
	}
	if (is_reader && jail_enter(JAIL_ZYGOTE, NULL, NULL, &set) < 0)
		_exit(PROBE_NOT_RUN);
	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		int status;
		pid_t pid = fork();
		if (pid == 0) {
			if (enter_level(level, &set) < 0)
				_exit(PROBE_NOT_RUN);
			_exit(probes[i].run() ? PROBE_WORKED : PROBE_REFUSED);
		}
		unsigned char result = PROBE_NOT_RUN;
		if (pid > 0 && waitpid(pid, &status, 0) == pid)
			result = (unsigned char) result_of(status);
		if (write(report[1], &result, 1) != 1)
			_exit(PROBE_NOT_RUN);
	}
	_exit(0);
}

/* What the web may, but for the house's files, and the sockets to services. */
static bool gate_may(const struct probe *p)
{
	if (p->run == make_tcp_socket || p->run == make_udp6_socket)
		return true;
	return p->web && p->run != read_rules && p->run != read_data;
}

/* What the web may, but for the house's files and so much memory; and threads. */
static bool press_may(const struct probe *p)
{
	if (p->run == clone_thread || p->run == use_two_gigabytes)
		return p->run == clone_thread;
	return p->web && p->run != read_rules && p->run != read_data;
}

/* What the gate may, but for so much memory; and threads. */
static bool post_may(const struct probe *p)
{
	if (p->run == clone_thread || p->run == use_two_gigabytes)
		return p->run == clone_thread;
	return gate_may(p);
}

static void check_level(enum jail_level level)
{
	unsigned char results[ARRAY_SIZE(probes)];
	int wrong = 0, status;

	if (SONAE_SANITIZED)
		skip();
	assert_int_equal(pipe2(report, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0)
		run_all(level);
	fd_close(report[1]);
	assert_int_equal(fd_read_all(report[0], results, sizeof(results)), 0);
	fd_close(report[0]);
	waitpid(pid, &status, 0);
	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		bool may = level == JAIL_READER   ? probes[i].reader
		           : level == JAIL_KEEPER ? probes[i].keeper
		           : level == JAIL_GATE   ? gate_may(&probes[i])
		           : level == JAIL_POST   ? post_may(&probes[i])
		           : level == JAIL_PRESS  ? press_may(&probes[i])
		                                  : probes[i].web;
		if (results[i] == (may ? PROBE_WORKED : PROBE_REFUSED))
			continue;
		print_error("%s: %s: %s\n", jail_level_word(level), probes[i].name,
		            results[i] == PROBE_WORKED    ? "worked"
		            : results[i] == PROBE_REFUSED ? "refused"
		                                          : "did not run");
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void reader_can_do_nothing_but_think(void **state)
{
	check_level(JAIL_READER);
}

static void keeper_has_its_folder_and_local_sockets(void **state)
{
	check_level(JAIL_KEEPER);
}

static void web_reads_and_talks_locally(void **state)
{
	check_level(JAIL_WEB);
}

static void gate_connects_and_reads_nothing_of_the_house(void **state)
{
	check_level(JAIL_GATE);
}

static void post_connects_and_starts_threads(void **state)
{
	check_level(JAIL_POST);
}

static int run_thread(void *argument)
{
	*(bool *) argument = true;
	return 0;
}

static void press_reads_fonts_and_starts_threads(void **state)
{
	int status;
	check_level(JAIL_PRESS);
	pid_t pid = fork();
	if (pid == 0) {
		bool ran = false;
		thrd_t thread;
		jail_set set;
		if (jail_separate(JAIL_PRESS, 65534, 65534, &set) < 0 || enter_level(JAIL_PRESS, &set) < 0)
			_exit(2);
		if (thrd_create(&thread, run_thread, &ran) != thrd_success || thrd_join(thread, NULL) != thrd_success)
			_exit(3);
		_exit(ran ? 0 : 4);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void every_mechanism_that_is_there_is_in_force(void **state)
{
	struct jail_probe found[JAIL_MECHANISM_COUNT];
	jail_set set = 0;
	int ends[2], status;

	if (SONAE_SANITIZED)
		skip();
	jail_probe(found);
	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		if (jail_separate(JAIL_WEB, 65534, 65534, &set) < 0 || enter_level(JAIL_WEB, &set) < 0)
			_exit(1);
		_exit(write(ends[1], &set, sizeof(set)) != sizeof(set));
	}
	assert_int_equal(fd_read_all(ends[0], &set, sizeof(set)), 0);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	for (int i = 0; i < JAIL_MECHANISM_COUNT; i++)
		assert_int_equal(jail_has(set, found[i].mechanism), found[i].available);
	for (int i = 0; i < JAIL_MECHANISM_COUNT; i++)
		print_message("%-18s %s %s\n", jail_mechanism_word(found[i].mechanism),
		              found[i].available ? "yes" : "no", found[i].detail);
	fd_close(ends[0]);
	fd_close(ends[1]);
}

static void make_file(const char *path)
{
	CLEANUP_FD fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0 && write(fd, "content", 7) == 7);
}

static int setup(void **state)
{
	if (!mkdtemp(folder) || chmod(folder, 0755) != 0)
		return -1;
	snprintf(data_folder, sizeof(data_folder), "%s/data", folder);
	snprintf(rules_folder, sizeof(rules_folder), "%s/rules", folder);
	mkdir(data_folder, 0755);
	mkdir(rules_folder, 0755);
	snprintf(inside_file, sizeof(inside_file), "%s/file", data_folder);
	snprintf(rules_file, sizeof(rules_file), "%s/file", rules_folder);
	snprintf(outside_file, sizeof(outside_file), "%s/file", folder);
	make_file(inside_file);
	make_file(rules_file);
	make_file(outside_file);
	return 0;
}

static int teardown(void **state)
{
	unlink(inside_file);
	unlink(rules_file);
	unlink(outside_file);
	rmdir(data_folder);
	rmdir(rules_folder);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reader_can_do_nothing_but_think),
	        cmocka_unit_test(keeper_has_its_folder_and_local_sockets),
	        cmocka_unit_test(web_reads_and_talks_locally),
	        cmocka_unit_test(gate_connects_and_reads_nothing_of_the_house),
	        cmocka_unit_test(post_connects_and_starts_threads),
	        cmocka_unit_test(press_reads_fonts_and_starts_threads),
	        cmocka_unit_test(every_mechanism_that_is_there_is_in_force),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
