package lab

type planting struct{}

func (p *planting) stop() {}
