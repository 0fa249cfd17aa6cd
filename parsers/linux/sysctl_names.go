package linux

import "strings"

// settingFiles are the files under /proc/sys that a scan reads: what decides
// how many connections a host can hold, how long they live, what it forwards
// and answers, and what it drops (Documentation/networking/ip-sysctl.rst,
// nf_conntrack-sysctl.rst and admin-guide/sysctl/{net,fs}.rst of Linux).
func settingFiles() []string {
	var files []string
	for _, group := range []struct{ folder, names string }{
		{"net/ipv4/", `ip_local_port_range ip_local_reserved_ports ip_unprivileged_port_start ip_nonlocal_bind
			ip_forward ip_default_ttl ip_no_pmtu_disc fib_multipath_hash_policy
			icmp_echo_ignore_all icmp_echo_ignore_broadcasts icmp_ratelimit igmp_max_memberships
			tcp_abort_on_overflow tcp_available_congestion_control tcp_base_mss tcp_congestion_control tcp_dsack tcp_ecn
			tcp_fack tcp_fastopen tcp_fin_timeout tcp_keepalive_intvl tcp_keepalive_probes tcp_keepalive_time
			tcp_limit_output_bytes tcp_low_latency tcp_max_orphans tcp_max_syn_backlog tcp_max_tw_buckets tcp_mem
			tcp_min_rtt_wlen tcp_moderate_rcvbuf tcp_mtu_probing tcp_no_metrics_save tcp_notsent_lowat tcp_orphan_retries
			tcp_reordering tcp_retries1 tcp_retries2 tcp_rfc1337 tcp_rmem tcp_sack tcp_slow_start_after_idle
			tcp_syn_retries tcp_synack_retries tcp_syncookies tcp_timestamps tcp_tw_recycle tcp_tw_reuse
			tcp_user_timeout tcp_window_scaling tcp_wmem udp_mem udp_rmem_min udp_wmem_min
			ipfrag_high_thresh ipfrag_low_thresh ipfrag_time`},
		{"net/ipv4/neigh/default/", "gc_interval gc_stale_time gc_thresh1 gc_thresh2 gc_thresh3"},
		{"net/ipv4/conf/all/", confNames}, {"net/ipv4/conf/default/", confNames},
		{"net/ipv4/route/", "gc_thresh max_size mtu_expires"},
		{"net/ipv6/", "bindv6only ip6frag_high_thresh"},
		{"net/ipv6/neigh/default/", "gc_thresh1 gc_thresh2 gc_thresh3"},
		{"net/ipv6/conf/all/", conf6Names}, {"net/ipv6/conf/default/", conf6Names},
		{"net/ipv6/route/", "max_size gc_thresh"},
		{"net/core/", `default_qdisc netdev_budget netdev_max_backlog optmem_max rmem_default rmem_max rps_sock_flow_entries
			somaxconn wmem_default wmem_max bpf_jit_enable busy_poll busy_read`},
		{"net/netfilter/", `nf_conntrack_buckets nf_conntrack_count nf_conntrack_max nf_conntrack_generic_timeout
			nf_conntrack_tcp_be_liberal nf_conntrack_tcp_loose nf_conntrack_tcp_timeout_close_wait
			nf_conntrack_tcp_timeout_established nf_conntrack_tcp_timeout_fin_wait nf_conntrack_tcp_timeout_syn_recv
			nf_conntrack_tcp_timeout_syn_sent nf_conntrack_tcp_timeout_time_wait nf_conntrack_udp_timeout
			nf_conntrack_udp_timeout_stream`},
		{"net/ipv4/netfilter/", "ip_conntrack_buckets ip_conntrack_count ip_conntrack_max"},
		{"net/bridge/", "bridge-nf-call-iptables bridge-nf-call-ip6tables"},
		{"net/unix/", "max_dgram_qlen"},
		{"fs/", "file-max file-nr nr_open"},
	} {
		for _, name := range strings.Fields(group.names) {
			files = append(files, group.folder+name)
		}
	}
	return files
}

const (
	confNames = `accept_redirects accept_source_route arp_announce arp_filter arp_ignore forwarding log_martians
		promote_secondaries proxy_arp rp_filter secure_redirects send_redirects`
	conf6Names = "accept_ra accept_redirects accept_source_route autoconf disable_ipv6 forwarding use_tempaddr"
)

// settingNames are the same in the spelling of sysctl.
func settingNames() []string {
	files := settingFiles()
	for i, f := range files {
		files[i] = strings.ReplaceAll(f, "/", ".")
	}
	return files
}
