namespace Antmicro.Renode;

public interface IEmulationElement
{
}
