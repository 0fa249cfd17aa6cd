package linux

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// translatedStates are the states of TCP in the languages that net-tools prints
// them in (po/ca.po, cs.po, de.po, pt_BR.po and sv.po): Catalan, Czech, German,
// Portuguese of Brazil and Swedish. Other languages leave them as they are.
var translatedStates = map[string]fleetnet.State{
	"ESTABLERT": fleetnet.StateEstablished, "SPOJENO": fleetnet.StateEstablished, "VERBUNDEN": fleetnet.StateEstablished,
	"ESTABELECIDA": fleetnet.StateEstablished, "ETABLERAD": fleetnet.StateEstablished,
	"SYN_ENVIADO": fleetnet.StateSynSent, "SYNRECV": fleetnet.StateSynRecv, "SYN_RECEBIDO": fleetnet.StateSynRecv,
	"ESPERA_FIN1": fleetnet.StateFinWait1, "ESPERA_FIN2": fleetnet.StateFinWait2,
	"TEMPS": fleetnet.StateTimeWait,
	"TANCA": fleetnet.StateClosed, "ZAVŘEN": fleetnet.StateClosed, "FECHAR": fleetnet.StateClosed, "STÄNG": fleetnet.StateClosed,
	"ESPERANDO_FECHAR": fleetnet.StateCloseWait, "STÄNG_VÄNTA": fleetnet.StateCloseWait,
	"POSLEDNÍ": fleetnet.StateLastAck, "ÚLTIMO_ACK": fleetnet.StateLastAck,
	"ESCOLTA": fleetnet.StateListen, "NASLOUCHÁ": fleetnet.StateListen, "OUÇA": fleetnet.StateListen, "LYSSNAR": fleetnet.StateListen,
	"TANCAMENT": fleetnet.StateClosing, "ZAVÍRÁ": fleetnet.StateClosing, "FECHANDO": fleetnet.StateClosing, "STÄNGER": fleetnet.StateClosing,
}

// state reads the column State, which is empty for datagram sockets without a
// peer. For raw sockets net-tools prints the number of the state there, and
// BusyBox the protocol's. A socket of TCP always has one: what it has there in
// another language is a state that is not known.
func (r *netstatReader) state(c *field.Cursor, k *fleetnet.Socket) {
	word := c.Peek()
	switch k.Proto {
	case "raw":
		if _, ok := field.Uint(word, 16); ok {
			k.State = rawState(c.Uint(16), k)
		}
		return
	case "udp", "udplite":
		k.State = fleetnet.StateUnconn
	}
	if len(word) == 0 || isDigit(word[0]) || word[0] == '-' {
		return
	}
	st, ok := fleetnet.ParseStateBytes(word)
	if !ok {
		st, ok = translatedStates[string(word)]
	}
	switch {
	case ok, string(word) == "UNKNOWN", bytes.HasPrefix(word, []byte("UNKNOWN(")):
	case k.Proto == "tcp" && c.Err() == nil:
		r.strange++
	default:
		return
	}
	if st != fleetnet.StateClosed || k.Proto == "tcp" { // old Android names the state of a datagram socket without a peer so
		k.State = st
	}
	c.Drop(len(word))
	if string(word) == "POSLEDNÍ" {
		c.Take("ACK")
	}
}

// rawState returns the state of a raw socket by its number in the kernel.
func rawState(number uint64, k *fleetnet.Socket) fleetnet.State {
	switch {
	case number == 7 || !k.Peer.Addr.IsValid() || k.Peer.Addr.IsUnspecified():
		return fleetnet.StateUnconn
	case number == 1:
		return fleetnet.StateEstablished
	}
	return ""
}

// translatedUnix are the states of UNIX sockets in other languages than English.
var translatedUnix = map[string]fleetnet.State{
	"ESCOLTANT": fleetnet.StateListen, "NASLOUCHÁ": fleetnet.StateListen, "HÖRT": fleetnet.StateListen, "OUVINDO": fleetnet.StateListen, "LYSSNAR": fleetnet.StateListen,
	"CONNECTAT": fleetnet.StateEstablished, "SPOJEN": fleetnet.StateEstablished, "VERBUNDEN": fleetnet.StateEstablished,
	"ÜHENDATUD": fleetnet.StateEstablished, "CONNECTE": fleetnet.StateEstablished, "CONECTADO": fleetnet.StateEstablished, "ANSLUTEN": fleetnet.StateEstablished,
	"CONNECTANT": fleetnet.StateSynSent, "SPOJUJE": fleetnet.StateSynSent, "VERBINDUNGSAUFBAU": fleetnet.StateSynSent, "ÜHENDUMAS": fleetnet.StateSynSent,
	"ENCONNEXION": fleetnet.StateSynSent, "CONECTANDO": fleetnet.StateSynSent, "ANSLUTER": fleetnet.StateSynSent,
	"DESCONNECTANT": fleetnet.StateClosing, "ODPOJUJE": fleetnet.StateClosing, "VERBINDUNGSABBAU": fleetnet.StateClosing, "LAHTIÜHENDUMAS": fleetnet.StateClosing,
	"ENDECONNEXION": fleetnet.StateClosing, "DESCONECTANDO": fleetnet.StateClosing, "KOPPLAR": fleetnet.StateClosing,
}

// unixState reads the state of a unix socket under the names that ss has for
// them (unix_state_map in ss.c). The column is empty for an unconnected one, and
// holds a word that is not known for one that nobody uses.
func (r *netstatReader) unixState(c *field.Cursor) fleetnet.State {
	word := c.Peek()
	if len(word) == 0 || isDigit(word[0]) || word[0] == '-' {
		return fleetnet.StateUnconn
	}
	c.Drop(len(word))
	if string(word) == "KOPPLAR" {
		c.Take("FRÅN")
	}
	switch string(word) {
	case "LISTENING":
		return fleetnet.StateListen
	case "CONNECTED":
		return fleetnet.StateEstablished
	case "CONNECTING":
		return fleetnet.StateSynSent
	case "DISCONNECTING":
		return fleetnet.StateClosing
	}
	return translatedUnix[string(word)]
}
