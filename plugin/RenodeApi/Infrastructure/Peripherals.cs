namespace Antmicro.Renode.Peripherals;

public interface IAnalyzable : IEmulationElement
{
}

public interface IPeripheral : IEmulationElement, IAnalyzable
{
    void Reset();
}

public interface IHasOwnLife
{
}
