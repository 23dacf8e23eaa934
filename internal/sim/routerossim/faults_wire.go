package routerossim

import "context"

// before applies the faults that keep a command from being executed.
func (s *session) before(c *call, f Faults) bool {
	switch {
	case f.DropBefore:
		s.record(c, "not executed", "drop_before")
		s.cut()
	case f.Hang:
		s.record(c, "not executed", "hang")
		s.start(c.tag, func(ctx context.Context) { <-ctx.Done() })
	case f.Fatal:
		s.record(c, "not executed", "fatal")
		s.write(out{"!fatal", []string{"session terminated by the router"}}, c.tag)
		s.cut()
	case f.Busy != "":
		s.refuse(c, "busy", trapError{{-1, f.Busy}})
	case f.TwoTraps:
		s.refuse(c, "two_traps", trapError{{0, "no such command or directory (x)"}, {-1, "no such command prefix"}})
	case f.TrapNoMessage:
		s.refuse(c, "trap_no_message", trapError{{-1, ""}})
	default:
		return false
	}
	return true
}

func (s *session) refuse(c *call, fault string, t trapError) {
	s.record(c, "not executed", fault)
	for _, o := range append(t.sentences(), done()) {
		s.write(o, c.tag)
	}
}

// answer sends the reply, or what a fault makes of it.
func (s *session) answer(c *call, f Faults, list []out, ok bool) {
	switch {
	case f.DropAfter:
		s.cut()
		return
	case f.HangAfter:
		s.start(c.tag, func(ctx context.Context) { <-ctx.Done() })
		return
	case f.CutMidSentence:
		whole := list[0].encode(c.tag)
		s.writeRaw(whole[:(len(whole)+1)/2])
		s.cut()
		return
	case f.Garbage:
		s.writeRaw(s.r.garbage(64))
		s.cut()
		return
	case f.OversizedWord:
		s.writeRaw([]byte{0xF0, 0x10, 0, 0, 0})
		return
	case f.EmptySentence:
		s.writeRaw([]byte{0})
	}
	if ok && c.finish != nil {
		c.finish()
		return
	}
	if ok && c.stream != nil {
		list = list[:len(list)-1] // the done comes when it is over
	}
	for _, o := range list {
		if f.ByteWrites {
			s.writeBytewise(o.encode(c.tag))
			continue
		}
		s.write(o, c.tag)
	}
	if ok && c.stream != nil {
		s.start(c.tag, c.stream)
	}
}

func (s *session) writeBytewise(b []byte) {
	s.wmu.Lock()
	defer s.wmu.Unlock()
	for i := range b {
		if _, err := s.conn.Write(b[i : i+1]); err != nil {
			s.cut()
			return
		}
	}
}

// garbage begins with a reserved length byte now and then, and never twice the same.
func (r *Router) garbage(n int) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.rand.UintN(256))
	}
	return b
}
